//! Kinds of errors of a request, and their messages.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::challenge::Challenge;
use super::excerpt::shortened;
use super::interpolate::{brief, interpolate};
use super::proxy_failure::ProxyFailure;

/// Most single errors of one response that a message shows; the rest is counted.
const MAX_ERRORS_SHOWN: usize = 10;

/// One of several errors in a response.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldError {
    /// The message, placeholders filled in.
    pub message: String,
    /// The raw parameters of the message.
    #[serde(default)]
    pub parameters: Value,
}

impl FieldError {
    /// The same error, its placeholders filled in.
    pub(in crate::commerce) fn interpolated(self) -> Self {
        Self {
            message: interpolate(&self.message, &self.parameters),
            parameters: self.parameters,
        }
    }
}

/// Why a request failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ErrorKind {
    /// The shop answered with one of its own errors.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The message, placeholders filled in.
        message: String,
        /// The raw parameters of the message.
        parameters: Value,
        /// The single errors, if there are several.
        errors: Vec<FieldError>,
        /// The seconds to wait that the server named.
        retry_after: Option<u64>,
    },
    /// Something answered that is not the shop's API: a proxy, a maintenance page, a PHP fault, a home page.
    NotTheApi {
        /// The HTTP status.
        status: u16,
        /// The media type of the body.
        media_type: String,
        /// The title of the page, if it has one.
        title: Option<String>,
        /// An excerpt of its text.
        text: Option<String>,
        /// The seconds to wait that the server named.
        retry_after: Option<u64>,
    },
    /// The API answered with success, but the body is not what it must be.
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// The difference from the expected body.
        detail: String,
        /// An excerpt of the body.
        text: Option<String>,
    },
    /// An access gate in front of the shop, such as HTTP Basic, refused the request.
    AccessGate {
        /// The HTTP status.
        status: u16,
        /// The sign-in or browser that it asks for.
        challenge: Challenge,
    },
    /// The server redirects the request; redirects are not followed.
    Redirected {
        /// The HTTP status.
        status: u16,
        /// The target of the redirect.
        location: String,
    },
    /// The body is larger than any valid response.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// No response: no connection, a broken connection, or a timeout.
    NoAnswer {
        /// True if the request certainly did not reach the server.
        never_sent: bool,
        /// True after a timeout.
        timed_out: bool,
        /// The error of the network.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// A proxy did not pass the request on.
    Proxy {
        /// The proxy and its fault.
        proxy: ProxyFailure,
        /// The error of the network; `None` if the proxy was not asked again.
        #[source]
        source: Option<Arc<reqwest::Error>>,
    },
    /// The time of the whole run is over; nothing was sent.
    OutOfTime,
    /// A credential cannot be used; nothing was sent.
    Unusable {
        /// The problem with it.
        detail: String,
    },
}

/// The beginnings of the text of a fault in PHP: the apology of a shop in production (04-184 of every generation), and what a
/// shop in developer mode shows in its place (2.4.1/12-006).
const PHP_FAULTS: [&str; 2] = ["An error has happened during application run", "TypeError:"];

impl ErrorKind {
    /// True if the shop's PHP had a fault of its own: 200 and `text/html` before 2.4.3, 500 and `text/plain` since. A write
    /// has the same fault again; a read may not, since a shop that lacks something for a moment says the same.
    pub(in crate::commerce) fn is_php_fault(&self) -> bool {
        let begins = |text: &str| PHP_FAULTS.iter().any(|fault| text.starts_with(fault));
        matches!(self, Self::NotTheApi { status: 200 | 500, text: Some(text), .. } if begins(text))
    }
}

/// Quotes text from servers as it is, but shortened. Output code must remove control characters.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused {
                status,
                message,
                errors,
                ..
            } => {
                write!(f, "{status} {}", brief(message))?;
                for error in errors.iter().take(MAX_ERRORS_SHOWN) {
                    write!(f, "; {}", brief(&error.message))?;
                }
                match errors.len().saturating_sub(MAX_ERRORS_SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
            Self::NotTheApi {
                status,
                media_type,
                title,
                text,
                ..
            } => {
                if media_type.eq_ignore_ascii_case("application/json") {
                    write!(f, "{status} with JSON that is not the shop's")?;
                } else {
                    write!(f, "{status} with {} in place of JSON", brief(media_type))?;
                }
                if let Some(title) = title {
                    write!(f, ", a page titled \"{}\"", brief(title))?;
                }
                let title = title.as_deref().unwrap_or_default();
                let rest = text
                    .as_deref()
                    .map(|text| text.strip_prefix(title).unwrap_or(text).trim_start());
                quoted(rest.filter(|rest| !rest.is_empty()), f)
            }
            Self::Unexpected { status, detail, text } => {
                write!(f, "{status}, but {}", brief(detail))?;
                quoted(text.as_deref(), f)
            }
            Self::AccessGate {
                status,
                challenge: Challenge::Browser,
            } => write!(
                f,
                "{status}, an access gate in front of the shop asks for a browser (a challenge)"
            ),
            Self::AccessGate {
                status,
                challenge: Challenge::SignIn { schemes, realm },
            } => {
                let what = match schemes.as_slice() {
                    [scheme] if scheme.eq_ignore_ascii_case("basic") => "a user and a password",
                    _ => "a sign-in of its own",
                };
                write!(
                    f,
                    "{status}, an access gate in front of the shop asks for {what} ({}",
                    schemes.join(", ")
                )?;
                match realm {
                    Some(realm) => write!(f, " \"{}\")", brief(realm)),
                    None => f.write_str(")"),
                }
            }
            Self::Redirected { status, location } => {
                let location = brief(location);
                write!(f, "{status}, a redirect to {location}, which is not followed")
            }
            Self::TooLarge { limit } => write!(f, "the answer is larger than {limit} bytes"),
            Self::Proxy { proxy, .. } => proxy.fmt(f),
            Self::OutOfTime => f.write_str("the time for the whole run is over"),
            Self::Unusable { detail } => f.write_str(detail),
            Self::NoAnswer { timed_out: true, .. } => write!(f, "no answer in time"),
            Self::NoAnswer { never_sent: true, .. } => write!(f, "no connection to the server"),
            Self::NoAnswer { .. } => write!(f, "the connection broke before the answer was complete"),
        }
    }
}

/// Text of a response, in quotes.
fn quoted(text: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.map_or(Ok(()), |text| write!(f, ": \"{}\"", shortened(text)))
}
