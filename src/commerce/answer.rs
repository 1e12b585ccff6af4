//! Reading an answer: success is a status, a media type and a body, all three (commerce.md A3). Pure: nothing is sent.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::error::{Failure, FieldError};
use super::error_body::{ErrorBody, ErrorEntry};
use super::message::fill;

/// An answer as it came, body complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, without parameters; empty when none is named.
    pub media_type: String,
    /// The seconds to wait that the server named.
    pub retry_after: Option<u64>,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// Whether the body was longer and is cut off there, as that of a failure may be.
    pub cut: bool,
}

/// The other shape of an error, from the server's last resort (commerce.md C6, shape B).
#[derive(Deserialize)]
struct FatalBody {
    messages: FatalMessages,
}

#[derive(Deserialize)]
struct FatalMessages {
    error: Vec<ErrorEntry>,
}

/// How an identity service refuses.
#[derive(Deserialize)]
struct Denied {
    error: String,
    error_description: Option<String>,
}

impl Answer {
    /// An answer of that status, with that value of the header `Content-Type`.
    pub fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let media_type = content_type.split(';').next().unwrap_or_default();
        Self {
            status,
            media_type: media_type.trim().to_owned(),
            body,
            ..Self::default()
        }
    }

    /// The body of a successful answer.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.success()?;
        serde_json::from_slice(&self.body).map_err(|error| Failure::Unexpected {
            status: self.status,
            detail: format!("the body is not what was asked for: {error}"),
        })
    }

    /// The body of an answer that holds a token. Identity services refuse in words of their own (RFC 6749, 5.2); what is
    /// wrong with a body is not told, since a token may stand there.
    pub(super) fn token<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.success()
            .map_err(|failure| self.denied().unwrap_or(failure))?;
        serde_json::from_slice(&self.body).map_err(|_| self.no_token())
    }

    fn denied(&self) -> Option<Failure> {
        let body: Denied = serde_json::from_slice(&self.body).ok()?;
        let message = match body.error_description {
            Some(description) => format!("{}: {description}", body.error),
            None => body.error,
        };
        (self.status != 200 && self.is_json()).then_some(Failure::Refused {
            status: self.status,
            message,
            parameters: Value::Null,
            errors: Vec::new(),
            retry_after: self.retry_after,
        })
    }

    /// Checks for the one body that a successful write has: an empty list (commerce.md A3).
    pub fn empty_list(&self) -> Result<(), Failure> {
        self.success()?;
        match serde_json::from_slice::<Vec<IgnoredAny>>(&self.body) {
            Ok(list) if list.is_empty() => Ok(()),
            _ => Err(Failure::Unexpected {
                status: self.status,
                detail: "the body is not the empty list that confirms a write".to_owned(),
            }),
        }
    }

    /// Says that an answer which ought to hold a token holds none that can be used.
    pub(super) fn no_token(&self) -> Failure {
        Failure::Unexpected {
            status: self.status,
            detail: "the body holds no usable token".to_owned(),
        }
    }

    fn success(&self) -> Result<(), Failure> {
        if (300..400).contains(&self.status) {
            let location = self.location.clone().unwrap_or_else(|| "nowhere".to_owned());
            return Err(Failure::Redirected {
                status: self.status,
                location,
            });
        }
        if !self.is_json() {
            return Err(self.not_the_api());
        }
        if self.status == 200 {
            Ok(())
        } else {
            Err(self.refused().unwrap_or_else(|| self.not_the_api()))
        }
    }

    fn is_json(&self) -> bool {
        self.media_type.eq_ignore_ascii_case("application/json")
    }

    fn refused(&self) -> Option<Failure> {
        if let Some((message, body)) = ErrorBody::read(&self.body, self.cut) {
            return Some(Failure::Refused {
                status: self.status,
                message: fill(&message, &body.parameters),
                parameters: body.parameters,
                errors: body.errors.into_iter().map(field_error).collect(),
                retry_after: self.retry_after,
            });
        }
        let body: FatalBody = serde_json::from_slice(&self.body).ok()?;
        let mut errors = body.messages.error.into_iter().map(field_error);
        let first = errors.next()?;
        Some(Failure::Refused {
            status: self.status,
            message: first.message,
            parameters: first.parameters,
            errors: errors.collect(),
            retry_after: self.retry_after,
        })
    }

    fn not_the_api(&self) -> Failure {
        Failure::NotTheApi {
            status: self.status,
            media_type: if self.media_type.is_empty() {
                "no media type".to_owned()
            } else {
                self.media_type.clone()
            },
            title: title(&self.body),
            retry_after: self.retry_after,
        }
    }
}

fn field_error(entry: ErrorEntry) -> FieldError {
    FieldError {
        message: fill(&entry.message, &entry.parameters),
        parameters: entry.parameters,
    }
}

/// What stands in a page's title: the one line of it that helps.
fn title(body: &[u8]) -> Option<String> {
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]).into_owned();
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let title = head[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}
