//! Answers that the proxy gives in place of the shop.

/// An answer of the proxy, in place of the shop's.
#[derive(Debug, Clone)]
pub struct Canned {
    /// The status.
    pub status: u16,
    /// Header lines, without the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Sends the body alone, without a status line and headers.
    raw: bool,
}

impl Canned {
    /// Bytes that stand alone, without status and headers.
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self {
            raw: true,
            ..Self::new(0, "", bytes)
        }
    }

    /// An answer of that media type; none for an empty one.
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = match media_type {
            "" => Vec::new(),
            media_type => vec![("Content-Type", media_type.to_owned())],
        };
        Self {
            status,
            headers,
            body: body.into(),
            raw: false,
        }
    }

    /// Adds a header line.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The answer as it goes over the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.raw {
            return self.body.clone();
        }
        let mut bytes = format!("HTTP/1.1 {} As Canned\r\nConnection: close\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// The answer with its body changed, sent as JSON.
pub(super) fn edited(answer: &[u8], edit: fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8_lossy(answer);
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    Canned::new(200, "application/json", edit(body)).bytes()
}
