//! The request of a client: read from its connection and parsed.

use std::io::{self, Read as _};
use std::net::TcpStream;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as it was sent.
    pub query: String,
    /// The request line and the headers, as they came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// Its number among the requests of this method and path, from 1.
    pub nth: usize,
}

/// Reads one request; `None` when the client hung up before it.
pub(super) fn read(client: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = header(&head, "content-length")
                .and_then(|value| value.parse().ok())
                .unwrap_or(0);
            let mut body = bytes.split_off(end + 4);
            let rest = body.len();
            body.resize(length, 0);
            client.read_exact(&mut body[rest.min(length)..])?;
            return Ok(Some((head, body)));
        }
        match client.read(&mut chunk)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Parses the head of a request. Panics when the content type stands twice, since no shop must understand that.
pub(super) fn parse(head: &str, body: &[u8]) -> Request {
    let types = head
        .split("\r\n")
        .filter(|line| line.to_ascii_lowercase().starts_with("content-type:"))
        .count();
    assert!(types <= 1, "the content type stands twice:\n{head}");
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        head: head.to_owned(),
        body: body.to_vec(),
        nth: 0,
    }
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.next().map(|(_, value)| value.trim())
}
