//! A client that sends any bytes over a bare socket.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for an answer; a sandbox that takes this long hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is sent.
pub struct Message<'a> {
    /// Any word.
    pub method: &'a str,
    /// Path and query, encoded as far as a request line needs it.
    pub target: &'a str,
    /// Header lines, without those about the length.
    pub headers: Vec<(&'a str, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
}

/// What comes back.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Value of the content type.
    pub content_type: Option<String>,
    /// The time on the shop's clock.
    pub date: Option<String>,
    /// The body, its transfer encoding undone.
    pub body: Vec<u8>,
}

/// Sends one message on a connection of its own.
pub fn send(address: SocketAddr, message: &Message<'_>) -> Answer {
    let mut socket = TcpStream::connect(address).expect("the sandbox listens");
    socket
        .set_read_timeout(Some(PATIENCE))
        .expect("a timeout can be set");
    socket
        .write_all(&head(address, message))
        .expect("the sandbox reads the head");
    if let Some(body) = &message.body {
        socket.write_all(body).expect("the sandbox reads the body");
    }
    let mut bytes = Vec::new();
    socket
        .read_to_end(&mut bytes)
        .expect("the sandbox answers and closes");
    read(&bytes, message.method == "HEAD")
}

/// Encodes what cannot stand in a request line, and leaves everything else as it is.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' | b'"' | b'#' | b'<' | b'>' | 0..0x20 | 0x7f.. => {
                write!(encoded, "%{byte:02X}").expect("a String takes every write");
            }
            _ => encoded.push(char::from(byte)),
        }
    }
    encoded
}

fn head(address: SocketAddr, message: &Message<'_>) -> Vec<u8> {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nConnection: close\r\n",
        message.method, message.target
    );
    if message.headers.iter().all(|(name, _)| *name != "Host") {
        write!(head, "Host: {address}\r\n").expect("a String takes every write");
    }
    for (name, value) in &message.headers {
        write!(head, "{name}: {value}\r\n").expect("a String takes every write");
    }
    let length = message.body.as_ref().map(Vec::len);
    if length.is_some() || ["POST", "PUT"].contains(&message.method) {
        write!(head, "Content-Length: {}\r\n", length.unwrap_or(0)).expect("a String takes every write");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn read(bytes: &[u8], without_body: bool) -> Answer {
    let end = find(bytes, b"\r\n\r\n").expect("the answer has a head");
    let head = std::str::from_utf8(&bytes[..end]).expect("the head is text");
    let mut lines = head.split("\r\n");
    let status_line = lines.next().expect("the head has a first line");
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .expect("a status code");
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let header = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| *value)
    };
    let rest = &bytes[end + 4..];
    let body = match (header("transfer-encoding"), header("content-length")) {
        _ if without_body => Vec::new(),
        (Some("chunked"), _) => unchunk(rest),
        (_, Some(length)) => {
            let length: usize = length.parse().expect("the length is a number");
            assert_eq!(rest.len(), length, "the body is as long as the head says");
            rest.to_vec()
        }
        _ => rest.to_vec(),
    };
    Answer {
        status,
        content_type: header("content-type").map(str::to_owned),
        date: header("date").map(str::to_owned),
        body,
    }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = find(rest, b"\r\n").expect("a chunk has a size");
        let size = std::str::from_utf8(&rest[..end]).expect("the size is text");
        let size = usize::from_str_radix(size, 16).expect("the size is a hexadecimal number");
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[test]
fn what_cannot_stand_in_a_request_line_is_encoded_and_nothing_twice() {
    assert_eq!(encode("a[b]=c d&e=%25f&g=ü'"), "a[b]=c%20d&e=%25f&g=%C3%BC'");
}

#[test]
fn chunks_are_joined() {
    let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: a/b\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n";
    let answer = read(answer, false);
    assert_eq!(
        (answer.status, answer.content_type.as_deref()),
        (200, Some("a/b"))
    );
    assert_eq!(answer.body, b"[1]");
}
