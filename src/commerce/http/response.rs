//! Reading an answer: success is a status, a media type and a body, all three (commerce.md A3). Pure: nothing is sent.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::masks::Masks;
use crate::commerce::http::error::api_error::{Challenge, ErrorKind, FieldError};
use crate::commerce::http::error::body::{ErrorBody, ErrorEntry};
use crate::commerce::http::error::excerpt::{BYTE_ORDER_MARK, MARKED, beginning, shortened, plain_text, title};
use crate::commerce::http::error::interpolate::interpolate;

/// An answer as it came, body complete.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, without parameters; empty when none is named.
    pub media_type: String,
    /// The seconds to wait that the server named.
    pub retry_after: Option<u64>,
    /// The header that tells that a cache before the shop answered.
    pub cached: Option<String>,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// How who answered wants to be signed in at: the values of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// Whether what stands before the shop wants a browser to show that it is one.
    pub wants_a_browser: bool,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// Whether the body was longer and is cut off there, as that of a failure may be.
    pub cut: bool,
    /// What no text of it may show.
    pub(in crate::commerce) masks: Masks,
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
struct OAuthError {
    error: String,
    error_description: Option<String>,
}

impl Response {
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
    pub(in crate::commerce) fn json<T: DeserializeOwned>(&self) -> Result<T, ErrorKind> {
        self.success()?;
        serde_json::from_slice(&self.body)
            .map_err(|error| self.unexpected(&format!("the body is not what was asked for: {error}")))
    }

    /// The body of an answer that holds a token. Identity services refuse in words of their own (RFC 6749, 5.2); what is
    /// wrong with a body is not told, since a token may stand there.
    pub(in crate::commerce) fn token<T: DeserializeOwned>(&self) -> Result<T, ErrorKind> {
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
        (self.status != 200 && self.is_json()).then_some(ErrorKind::Refused {
            status: self.status,
            message,
            parameters: Value::Null,
            errors: Vec::new(),
            retry_after: self.retry_after,
        })
    }

    /// Checks for the one body that a successful write has: an empty list (commerce.md A3).
    pub fn empty_list(&self) -> Result<(), ErrorKind> {
        self.success()?;
        match serde_json::from_slice::<Vec<IgnoredAny>>(&self.body) {
            Ok(list) if list.is_empty() => Ok(()),
            _ => Err(self.unexpected("the body is not the empty list that confirms a write")),
        }
    }

    /// Says that an answer which ought to hold a token holds none that can be used.
    pub(in crate::commerce) fn no_token(&self) -> ErrorKind {
        // A token stands in quotes: what stands before the first one is none.
        let before = self
            .body
            .iter()
            .position(|byte| b"\"{".contains(byte))
            .unwrap_or_default();
        ErrorKind::Unexpected {
            status: self.status,
            detail: "the body holds no usable token".to_owned(),
            text: self.plain_text(&self.body[..before]),
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
            text: self.plain_text(&self.body),
        }
    }

    /// What a door in front of the shop asks for, if it is one that answered. The shop asks for nothing by a header.
    pub(in crate::commerce) fn access_gate(&self) -> Option<ErrorKind> {
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
        if let Some((message, body)) = ErrorBody::read(&self.body, self.cut) {
            return Some(ErrorKind::Refused {
                status: self.status,
                message: interpolate(&message, &body.parameters),
                parameters: body.parameters,
                errors: body.errors.into_iter().map(field_error).collect(),
                retry_after: self.retry_after,
            });
        }
        let body: FatalBody = serde_json::from_slice(&self.body).ok()?;
        let mut errors = body.messages.error.into_iter().map(field_error);
        let first = errors.next()?;
        Some(ErrorKind::Refused {
            status: self.status,
            message: first.message,
            parameters: first.parameters,
            errors: errors.collect(),
            retry_after: self.retry_after,
        })
    }

    /// What the body, or a part of it, says. A secret that a tag would part is masked before the tags go.
    fn plain_text(&self, body: &[u8]) -> Option<String> {
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
                .plain_text(&self.body)
                .filter(|_| !matches!(&*self.media_type, "application/xml" | "text/xml")),
            retry_after: self.retry_after,
        }
    }
}

fn field_error(entry: ErrorEntry) -> FieldError {
    FieldError {
        message: interpolate(&entry.message, &entry.parameters),
        parameters: entry.parameters,
    }
}

/// So many schemes of a challenge are told.
const MAX_SCHEMES_SHOWN: usize = 4;

/// The schemes that challenges name (RFC 9110, 11.6.1): `Basic realm="a, b", NTLM` names two.
fn schemes(challenges: &[String]) -> Vec<String> {
    let mut schemes: Vec<String> = Vec::new();
    for part in challenges.iter().flat_map(|challenge| parts(challenge)) {
        let word = part.split_whitespace().next().unwrap_or_default();
        let is_scheme = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_scheme && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            schemes.push(shortened(word));
        }
    }
    schemes.truncate(MAX_SCHEMES_SHOWN);
    schemes
}

/// The name that the first challenge has for what it protects.
fn realm(challenges: &[String]) -> Option<String> {
    let challenge = challenges.first()?;
    let start = challenge.to_ascii_lowercase().find("realm=\"")? + "realm=\"".len();
    let realm = challenge[start..]
        .split('"')
        .next()
        .filter(|realm| !realm.is_empty())?;
    Some(realm.to_owned())
}

/// The parts of a header between commas that stand outside of quotes.
fn parts(challenge: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let comma = |c: char| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    };
    challenge.split(comma).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::{realm, schemes};

    #[test]
    fn the_schemes_of_a_challenge_are_told_apart_from_its_parameters() {
        for (challenges, names) in [
            (
                &["Basic realm=\"Staging, a \", charset=\"UTF-8\""][..],
                &["Basic"][..],
            ),
            (&["Negotiate", "NTLM"], &["Negotiate", "NTLM"]),
            (
                &["negotiate, NTLM, Basic realm=x"],
                &["negotiate", "NTLM", "Basic"],
            ),
            (
                &["Digest realm=\"x\", nonce=\"y\", qop=auth, algorithm=MD5"],
                &["Digest"],
            ),
            (&["", ",", "=", "realm=\"x\""], &[]),
        ] {
            let challenges: Vec<String> = challenges.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(schemes(&challenges), names);
        }
        assert_eq!(
            realm(&["basic Realm=\"Staging\"".to_owned()]).as_deref(),
            Some("Staging")
        );
        assert_eq!(realm(&["Basic realm=\"\"".to_owned()]), None);
        assert_eq!(realm(&["Negotiate".to_owned()]), None);
    }
}
