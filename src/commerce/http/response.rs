//! A response as data: a success needs the right status, media type and body (04-184 has only the first). Pure: sends nothing.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::error::body::ErrorBody;
use super::error::challenge::{Challenge, realm, schemes};
use super::error::error_kind::{ErrorKind, FieldError};
use super::error::excerpt::{BYTE_ORDER_MARK, MARKED, beginning, plain_text, title};
use super::masks::Masks;

/// A complete response.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, without parameters; empty if the response names none.
    pub media_type: String,
    /// The seconds to wait that the server named.
    pub retry_after: Option<u64>,
    /// The header by which a cache in front of the shop says that it answered.
    pub cached: Option<String>,
    /// The target of a redirect.
    pub location: Option<String>,
    /// The values of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// Set if an access gate in front of the shop asks for proof of a browser.
    pub wants_a_browser: bool,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// Set if the body was longer and is cut off, as that of an error may be.
    pub cut: bool,
    /// Secrets that no text of the response may show.
    pub(super) masks: Masks,
}

/// The other shape of an error, from the server's last resort, by its source.
#[derive(Deserialize)]
struct FatalBody {
    messages: FatalMessages,
}

#[derive(Deserialize)]
struct FatalMessages {
    error: Vec<FieldError>,
}

/// The error of an identity service (RFC 6749, 5.2).
#[derive(Deserialize)]
struct OAuthError {
    error: String,
    error_description: Option<String>,
}

impl Response {
    /// A response with a status, a `Content-Type` and a body.
    pub fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let media_type = content_type.split(';').next().unwrap_or_default();
        Self {
            status,
            media_type: media_type.trim().to_owned(),
            body,
            ..Self::default()
        }
    }

    /// The body of a success.
    pub(in crate::commerce) fn json<T: DeserializeOwned>(&self) -> Result<T, ErrorKind> {
        self.success()?;
        serde_json::from_slice(&self.body)
            .map_err(|error| self.unexpected(&format!("the body is not what was asked for: {error}")))
    }

    /// The body of a response that holds a token. Errors do not say what is wrong with the body, since it may hold a token.
    pub(super) fn token<T: DeserializeOwned>(&self) -> Result<T, ErrorKind> {
        self.success()
            .map_err(|failure| self.oauth_error().unwrap_or(failure))?;
        serde_json::from_slice(&self.body).map_err(|_| self.no_token())
    }

    fn oauth_error(&self) -> Option<ErrorKind> {
        let body: OAuthError = serde_json::from_slice(&self.body).ok()?;
        let message = match body.error_description {
            Some(description) => format!("{}: {description}", body.error),
            None => body.error,
        };
        (self.status != 200 && self.is_json()).then(|| self.refusal(message, Value::Null, Vec::new()))
    }

    /// Checks for the one body that a successful write has: an empty list (recording 04).
    pub fn empty_list(&self) -> Result<(), ErrorKind> {
        self.success()?;
        match serde_json::from_slice::<Vec<IgnoredAny>>(&self.body) {
            Ok(list) if list.is_empty() => Ok(()),
            _ => Err(self.unexpected("the body is not the empty list that confirms a write")),
        }
    }

    /// The error of a response that should hold a token and has no usable one.
    pub(super) fn no_token(&self) -> ErrorKind {
        // A token would stand in quotes: the text before the first quote holds none.
        let before = self
            .body
            .iter()
            .position(|byte| b"\"{".contains(byte))
            .unwrap_or_default();
        ErrorKind::Unexpected {
            status: self.status,
            detail: "the body holds no usable token".to_owned(),
            text: self.text(&self.body[..before]),
        }
    }

    fn unexpected(&self, detail: &str) -> ErrorKind {
        ErrorKind::Unexpected {
            status: self.status,
            detail: if self.body.starts_with(BYTE_ORDER_MARK.to_string().as_bytes()) {
                MARKED.to_owned()
            } else {
                detail.to_owned()
            },
            text: self.text(&self.body),
        }
    }

    /// The error if an access gate in front of the shop answered. The shop itself sends no challenges.
    pub(super) fn access_gate(&self) -> Option<ErrorKind> {
        let challenge = if self.wants_a_browser {
            Challenge::Browser
        } else {
            let schemes = schemes(&self.challenges);
            let is_for_people = schemes
                .iter()
                .any(|scheme| !scheme.eq_ignore_ascii_case("bearer"));
            if self.status != 401 || schemes.is_empty() || (self.is_json() && !is_for_people) {
                return None;
            }
            Challenge::SignIn {
                realm: realm(&self.challenges),
                schemes,
            }
        };
        Some(ErrorKind::AccessGate {
            status: self.status,
            challenge,
        })
    }

    fn success(&self) -> Result<(), ErrorKind> {
        if (300..400).contains(&self.status) {
            let location = self.location.clone().unwrap_or_else(|| "nowhere".to_owned());
            return Err(ErrorKind::Redirected {
                status: self.status,
                location,
            });
        }
        if self.is_json() && self.status == 200 && !self.wants_a_browser {
            return Ok(());
        }
        let refused = self.is_json().then(|| self.refused()).flatten();
        let is_the_shops =
            matches!(&refused, Some(ErrorKind::Refused { parameters, .. }) if !parameters.is_null());
        Err(match (refused, self.access_gate()) {
            (Some(refused), None) => refused,
            (Some(refused), Some(_)) if is_the_shops => refused,
            (_, Some(gate)) => gate,
            (None, None) => self.not_the_api(),
        })
    }

    fn is_json(&self) -> bool {
        self.media_type.eq_ignore_ascii_case("application/json")
    }

    fn refused(&self) -> Option<ErrorKind> {
        let (first, errors) = if let Some((message, body)) = ErrorBody::read(&self.body, self.cut) {
            let parameters = body.parameters;
            (FieldError { message, parameters }, body.errors)
        } else {
            let body: FatalBody = serde_json::from_slice(&self.body).ok()?;
            let mut errors = body.messages.error;
            if errors.is_empty() {
                return None;
            }
            (errors.remove(0), errors)
        };
        let FieldError { message, parameters } = first.interpolated();
        let errors = errors.into_iter().map(FieldError::interpolated).collect();
        Some(self.refusal(message, parameters, errors))
    }

    fn refusal(&self, message: String, parameters: Value, errors: Vec<FieldError>) -> ErrorKind {
        ErrorKind::Refused {
            status: self.status,
            message,
            parameters,
            errors,
            retry_after: self.retry_after,
        }
    }

    /// The text of the body or a part of it. Secrets are masked before the tags go: a tag may stand within one.
    fn text(&self, body: &[u8]) -> Option<String> {
        let mut body = String::from_utf8_lossy(beginning(body)).into_owned();
        self.masks.apply(&mut body);
        plain_text(&body)
    }

    fn not_the_api(&self) -> ErrorKind {
        ErrorKind::NotTheApi {
            status: self.status,
            media_type: if self.media_type.is_empty() {
                "no media type".to_owned()
            } else {
                self.media_type.clone()
            },
            title: title(&self.body),
            // The shop's own XML has messages whose placeholders are not filled in.
            text: self
                .text(&self.body)
                .filter(|_| !matches!(&*self.media_type, "application/xml" | "text/xml")),
            retry_after: self.retry_after,
        }
    }
}
