//! The way to the shop: one request passed on, or a tunnel for all bytes.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for the other side; whoever takes this long hangs.
pub(super) const MAX_WAIT: Duration = Duration::from_mins(1);

/// Passes a request on as it came, on a connection of its own, and gives the whole answer.
pub(super) fn forward(upstream: Option<SocketAddr>, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let upstream = upstream.ok_or(io::ErrorKind::NotConnected)?;
    let mut shop = TcpStream::connect(upstream)?;
    shop.set_read_timeout(Some(MAX_WAIT))?;
    shop.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes())?;
    shop.write_all(body)?;
    let mut answer = Vec::new();
    shop.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Opens the way to a server and passes bytes both ways until one side has no more.
pub(super) fn tunnel(mut client: TcpStream, upstream: Option<SocketAddr>) -> io::Result<()> {
    let upstream = upstream.ok_or(io::ErrorKind::NotConnected)?;
    let mut shop = TcpStream::connect(upstream)?;
    shop.set_read_timeout(Some(MAX_WAIT))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_shop, mut to_client) = (shop.try_clone()?, client.try_clone()?);
    let back = std::thread::spawn(move || {
        let copied = io::copy(&mut from_shop, &mut to_client);
        to_client.shutdown(Shutdown::Both)?;
        copied
    });
    // Whoever hangs up first ends both ways.
    let copied = io::copy(&mut client, &mut shop);
    shop.shutdown(Shutdown::Both)?;
    let _ = back.join();
    copied.map(|_| ())
}
