//! What a server can answer instead of what was asked, in words for the person who must act.

use std::error::Error;
use std::{fmt, io};

use rustls::AlertDescription;
use serde_json::Value;

use super::excerpt::shortened;
use super::hint::hints;
use super::interpolate::brief;
use crate::commerce::http::proxy::ProxyFailure;

/// So many of the single errors of one answer are told; the rest is counted.
const MAX_ERRORS_SHOWN: usize = 10;

/// A request that did not bring what was asked for.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{method} {path}: {kind}")]
pub struct ApiError {
    /// The method of the request.
    pub method: reqwest::Method,
    /// The path of the request, without the query.
    pub path: String,
    /// What happened.
    #[source]
    pub kind: ErrorKind,
    /// What to do next; one sentence each.
    pub hints: Vec<String>,
    /// Whether it was the sign-in that failed, so that the request it was for was not sent.
    unsigned: bool,
    /// Whether the request had been sent before, and answered by a refusal of its token.
    sent_before: bool,
}

/// An error entry of a list of errors in one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The message, placeholders filled in.
    pub message: String,
    /// The raw parameters of the message.
    pub parameters: Value,
}

/// What a door in front of a shop asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// Somebody whom it knows.
    SignIn {
        /// How it wants to be told who asks, such as `Basic`.
        schemes: Vec<String>,
        /// The name that it has for what it protects.
        realm: Option<String>,
    },
    /// A browser, with a person before it.
    Browser,
}

/// What happened to a request.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ErrorKind {
    /// The server answered with one of its own errors.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The message, placeholders filled in.
        message: String,
        /// The raw parameters of the message.
        parameters: Value,
        /// The single errors, when there are several.
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
        /// The title of the page, if it is one.
        title: Option<String>,
        /// What it says.
        text: Option<String>,
        /// The seconds to wait that the server named.
        retry_after: Option<u64>,
    },
    /// The API answered with success and a body that is not what it must be.
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// What was expected and what came.
        detail: String,
        /// What the body says.
        text: Option<String>,
    },
    /// A door in front of the shop is shut.
    AccessGate {
        /// The HTTP status.
        status: u16,
        /// What it asks for.
        challenge: Challenge,
    },
    /// The server sends the client elsewhere, which is not followed.
    Redirected {
        /// The HTTP status.
        status: u16,
        /// Where to.
        location: String,
    },
    /// The body is larger than any honest answer.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// No answer came: no connection, a connection that broke, or the time ran out.
    NoAnswer {
        /// Whether the request certainly did not reach the server.
        never_sent: bool,
        /// Whether the time ran out.
        timed_out: bool,
        /// What the network said.
        #[source]
        source: std::sync::Arc<reqwest::Error>,
    },
    /// A proxy did not pass the request on.
    Proxy {
        /// The proxy and what it did.
        proxy: ProxyFailure,
        /// What the network said; nothing when the proxy was not asked again.
        #[source]
        source: Option<std::sync::Arc<reqwest::Error>>,
    },
    /// The time for the whole run is over; nothing was sent.
    OutOfTime,
    /// A credential cannot be used; nothing was sent.
    Unusable {
        /// What is wrong with it.
        detail: String,
    },
}

/// Texts from outside stand here as they came, cut short: who shows them takes out what a terminal would obey.
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
                "{status}, a door before the shop wants to see a browser (a challenge)"
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
                    "{status}, a door before the shop asks for {what} ({}",
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

/// What an answer says, in quotes.
fn quoted(text: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.map_or(Ok(()), |text| write!(f, ": \"{}\"", shortened(text)))
}

impl ApiError {
    /// Says what happened to a request, with what helps against it.
    pub fn new(method: reqwest::Method, path: String, kind: ErrorKind) -> Self {
        Self {
            hints: hints(&path, &kind),
            unsigned: false,
            sent_before: false,
            method,
            path,
            kind,
        }
    }

    /// The same failure of a sign-in, as that of a request that was not sent for want of it.
    pub(in crate::commerce) fn as_unsent(self) -> Self {
        Self {
            unsigned: true,
            ..self
        }
    }

    /// The same failure, as that of another try of a request that had been sent already.
    pub(in crate::commerce) fn after_first_try(self) -> Self {
        Self {
            sent_before: true,
            ..self
        }
    }

    /// The HTTP status, if an answer came.
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            ErrorKind::Refused { status, .. }
            | ErrorKind::NotTheApi { status, .. }
            | ErrorKind::Unexpected { status, .. }
            | ErrorKind::AccessGate { status, .. }
            | ErrorKind::Redirected { status, .. } => Some(*status),
            ErrorKind::TooLarge { .. }
            | ErrorKind::NoAnswer { .. }
            | ErrorKind::Proxy { .. }
            | ErrorKind::OutOfTime
            | ErrorKind::Unusable { .. } => None,
        }
    }

    /// Whether the connection was there and broke, for no reason that is known.
    pub(in crate::commerce) fn lost_connection(&self) -> bool {
        matches!(&self.kind, ErrorKind::NoAnswer { never_sent: false, timed_out: false, source } if !is_untrusted(source))
    }

    /// Whether the request was sent and took all of its time (`request_timeout`).
    pub(in crate::commerce) fn used_its_whole_timeout(&self) -> bool {
        matches!(
            &self.kind,
            ErrorKind::NoAnswer {
                never_sent: false,
                timed_out: true,
                ..
            }
        )
    }

    /// Whether the same request may well succeed a little later.
    pub fn is_transient(&self) -> bool {
        match &self.kind {
            ErrorKind::Refused { status, .. } | ErrorKind::NotTheApi { status, .. } => {
                matches!(status, 408 | 429 | 500 | 502..=504)
            }
            ErrorKind::NoAnswer { source, .. } => !is_untrusted(source),
            ErrorKind::Proxy { proxy, source } => {
                proxy.fault.is_transient() && !source.as_deref().is_some_and(is_untrusted)
            }
            ErrorKind::Unexpected { .. }
            | ErrorKind::AccessGate { .. }
            | ErrorKind::Redirected { .. }
            | ErrorKind::TooLarge { .. }
            | ErrorKind::OutOfTime
            | ErrorKind::Unusable { .. } => false,
        }
    }

    /// Whether a write that had no effect may well succeed a little later: passing failures, and the masked 400 that may
    /// be a deadlock (commerce.md A2), known by having neither parameters nor single errors.
    pub fn may_retry_write(&self) -> bool {
        let masked = matches!(&self.kind, ErrorKind::Refused { status: 400, parameters, errors, .. }
            if errors.is_empty() && parameters.as_array().is_none_or(Vec::is_empty) && !parameters.is_object());
        masked || self.is_transient()
    }

    /// How many links a write may carry, when the server or a proxy before it refused `sent` of them for their number.
    pub fn batch_limit(&self, sent: usize) -> Option<usize> {
        let half = (self.status() == Some(413) && sent > 1).then_some(sent / 2);
        self.limit().filter(|limit| *limit < sent).or(half)
    }

    /// Whether the shop itself refused a write for what stands in it: all of it, be it for one link (commerce.md B3).
    pub fn is_refusal(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { status: 400, .. }) && self.limit().is_none()
    }

    /// Whether the server may still be at work on the request: nobody answered, or what stands before it gave up waiting
    /// (commerce.md A17), by a page or, as gateways in the cloud do, in JSON; or took it in for later; or, after it had
    /// sent it twice, tells of the second try that there were too many or that it failed. A write may then take effect after a
    /// read that does not show it.
    pub fn may_take_effect_later(&self) -> bool {
        let is_open = match &self.kind {
            ErrorKind::NoAnswer { .. } => true,
            _ => matches!(self.status(), Some(202 | 408 | 425 | 429 | 499 | 500..)),
        };
        is_open && !self.never_sent()
    }

    /// Whether the request certainly did not reach the server. No answer is as certain: what stands before the shop may have
    /// sent the request twice, and tell of the second try alone.
    pub fn never_sent(&self) -> bool {
        !self.sent_before
            && (self.unsigned
                || matches!(
                    self.kind,
                    ErrorKind::NoAnswer { never_sent: true, .. }
                        | ErrorKind::Proxy { .. }
                        | ErrorKind::OutOfTime
                        | ErrorKind::Unusable { .. }
                ))
    }

    /// The seconds to wait that the server named.
    pub fn retry_after(&self) -> Option<u64> {
        match &self.kind {
            ErrorKind::Refused { retry_after, .. } | ErrorKind::NotTheApi { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The permission that the server misses: it answers the same 401 for a token that is missing, wrong or expired and
    /// for a missing permission (commerce.md A13).
    pub fn missing_resource(&self) -> Option<String> {
        let ErrorKind::Refused {
            status: 401,
            parameters,
            ..
        } = &self.kind
        else {
            return None;
        };
        parameters.get("resources")?.as_str().map(ToOwned::to_owned)
    }

    /// The limit that the server named in refusing a page or a batch (commerce.md C5.1).
    pub fn limit(&self) -> Option<usize> {
        let ErrorKind::Refused {
            status: 400,
            parameters,
            ..
        } = &self.kind
        else {
            return None;
        };
        let max = parameters.get("max")?;
        let number = max.as_u64().or_else(|| max.as_str()?.parse().ok())?;
        usize::try_from(number).ok().filter(|max| *max > 0)
    }
}

/// Whether one side does not trust the other's certificate, which no other try changes.
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        match error.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => return true,
            Some(rustls::Error::AlertReceived(alert)) => return is_about_certificates(*alert),
            _ => {}
        }
        // The source of an I/O error is that of the error in it, which would be passed over.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

fn is_about_certificates(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{ApiError, ErrorKind};

    fn failed(failure: ErrorKind) -> ApiError {
        ApiError::new(reqwest::Method::default(), "/V1/x".to_owned(), failure)
    }

    fn refused(status: u16) -> ErrorKind {
        ErrorKind::Refused {
            status,
            message: "no".to_owned(),
            parameters: Value::Null,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    #[test]
    fn what_was_not_sent_for_want_of_a_token_takes_no_effect_later() {
        let timed_out = || failed(refused(504));
        assert!(timed_out().may_take_effect_later());
        assert!(!timed_out().never_sent());
        let unsigned = timed_out().as_unsent();
        assert!(!unsigned.may_take_effect_later());
        assert!(unsigned.never_sent());
    }

    /// The first try was answered by 401, and a gateway may have sent it twice.
    #[test]
    fn what_had_been_sent_before_its_token_was_renewed_may_have_taken_effect() {
        for failure in [refused(401), refused(504), ErrorKind::OutOfTime] {
            let again = failed(failure).as_unsent().after_first_try();
            assert!(!again.never_sent(), "{again}");
        }
        assert!(failed(ErrorKind::OutOfTime).never_sent());
    }

    #[test]
    fn who_only_passes_a_request_on_may_still_have_it_carried_out() {
        let page = |status| ErrorKind::NotTheApi {
            status,
            media_type: "text/html".to_owned(),
            title: None,
            text: None,
            retry_after: None,
        };
        for status in [202, 408, 425, 429, 499, 500, 502, 503, 504, 524, 599] {
            assert!(failed(refused(status)).may_take_effect_later(), "{status}");
            assert!(failed(page(status)).may_take_effect_later(), "{status}");
        }
        for status in [200, 201, 204, 301, 400, 401, 403, 404, 405, 413] {
            for failure in [refused(status), page(status)] {
                let error = failed(failure);
                assert!(!error.may_take_effect_later() && !error.never_sent(), "{status}");
            }
        }
    }
}
