//! An error of one request: its kind, hints, and the answers to "retry?" and "sent?".

use super::error_kind::ErrorKind;
use super::hint::hints;
use crate::commerce::http::tls::is_untrusted;

/// The error of one request.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{method} {path}: {kind}")]
pub struct ApiError {
    /// The method of the request.
    pub method: reqwest::Method,
    /// The path of the request, without the query.
    pub path: String,
    /// The reason.
    #[source]
    pub kind: ErrorKind,
    /// Next steps for the user; one sentence each.
    pub hints: Vec<String>,
    /// Set if the sign-in failed, so that the request itself was not sent.
    unsigned: bool,
    /// Set if an earlier attempt was sent and its token refused.
    sent_before: bool,
}

impl ApiError {
    /// The error of a request to a path, with hints.
    pub fn new(method: reqwest::Method, path: String, kind: ErrorKind) -> Self {
        Self {
            hints: hints(&method, &path, &kind),
            unsigned: false,
            sent_before: false,
            method,
            path,
            kind,
        }
    }

    /// Marks the error of a sign-in as the error of a request that was therefore not sent.
    pub(in crate::commerce) fn into_unsent(self) -> Self {
        Self {
            unsigned: true,
            ..self
        }
    }

    /// Marks the error as that of a further attempt of a request that was sent before.
    pub(in crate::commerce) fn after_first_try(self) -> Self {
        Self {
            sent_before: true,
            ..self
        }
    }

    /// The HTTP status, if there was a response.
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

    /// True if an established connection broke for an unknown reason.
    pub(in crate::commerce) fn lost_connection(&self) -> bool {
        matches!(&self.kind, ErrorKind::NoAnswer { never_sent: false, timed_out: false, source } if !is_untrusted(source))
    }

    /// True if the request was sent and ran into its timeout (`request_timeout`).
    pub fn used_its_whole_timeout(&self) -> bool {
        matches!(
            &self.kind,
            ErrorKind::NoAnswer {
                never_sent: false,
                timed_out: true,
                ..
            }
        )
    }

    /// True if the same request may succeed a little later.
    pub fn is_transient(&self) -> bool {
        match &self.kind {
            // The apology for a fault in a request is also that for a shop that lacks something for a moment. A read may find out.
            kind if kind.is_php_fault() => self.status() == Some(500) && self.method == reqwest::Method::GET,
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

    /// True if a write that had no effect may succeed a little later: after a transient error, or after the generic 400 that
    /// may be a deadlock (08-081; 04-108 has the same response for an unknown source). That 400 has neither parameters nor single errors.
    pub fn may_retry_write(&self) -> bool {
        let masked = matches!(&self.kind, ErrorKind::Refused { status: 400, parameters, errors, .. }
            if errors.is_empty() && parameters.as_array().is_none_or(Vec::is_empty) && !parameters.is_object());
        masked || self.is_transient()
    }

    /// The most links of one write, if the server or a proxy in front of it refused `sent` links as too many.
    pub fn batch_limit(&self, sent: usize) -> Option<usize> {
        let half = (self.status() == Some(413) && sent > 1).then_some(sent / 2);
        self.limit().filter(|limit| *limit < sent).or(half)
    }

    /// True if the shop refused a write because of its content. It then refuses all of it, even for one link (04-108, 04-112).
    pub fn is_refusal(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { status: 400, .. }) && self.limit().is_none()
    }

    /// True if the server may still be working on the request, so that a write may take effect after a read that does not
    /// show it. Causes: no response; a proxy that stopped waiting (11-000 to 11-003), with a page or, in the cloud, with JSON;
    /// a proxy that queued the request; a proxy that sent it twice and reports only the second attempt (429, 5xx).
    pub fn may_take_effect_later(&self) -> bool {
        let is_open = match &self.kind {
            ErrorKind::NoAnswer { .. } => true,
            kind if kind.is_php_fault() => false,
            _ => matches!(self.status(), Some(202 | 408 | 425 | 429 | 499 | 500..)),
        };
        is_open && !self.never_sent()
    }

    /// True if the request certainly did not reach the server. A response never proves that: a proxy may have sent the request
    /// twice and report only the second attempt.
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

    /// The permission that the server names in a 401. The token may also be missing, wrong or expired: the response is the same
    /// (recording 01).
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

    /// The limit that the server names when it refuses a page or a batch: 2.4.3 always has limits, later versions where they are
    /// set up so.
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{ApiError, ErrorKind};

    fn failed(kind: ErrorKind) -> ApiError {
        ApiError::new(reqwest::Method::default(), "/V1/x".to_owned(), kind)
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
    fn a_request_that_was_not_sent_takes_no_effect_later() {
        let timed_out = || failed(refused(504));
        assert!(timed_out().may_take_effect_later());
        assert!(!timed_out().never_sent());
        let unsigned = timed_out().into_unsent();
        assert!(!unsigned.may_take_effect_later());
        assert!(unsigned.never_sent());
    }

    /// The response to the first attempt was 401, and a gateway may have sent it twice.
    #[test]
    fn a_request_that_was_sent_before_its_token_was_renewed_may_have_taken_effect() {
        for kind in [refused(401), refused(504), ErrorKind::OutOfTime] {
            let again = failed(kind).into_unsent().after_first_try();
            assert!(!again.never_sent(), "{again}");
        }
        assert!(failed(ErrorKind::OutOfTime).never_sent());
    }

    #[test]
    fn the_shop_may_still_carry_out_a_request_that_a_gateway_gave_up() {
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
        for (status, media_type) in [(200, "text/html"), (500, "text/plain")] {
            let kind = ErrorKind::NotTheApi {
                status,
                media_type: media_type.to_owned(),
                title: None,
                text: Some(
                    "An error has happened during application run. See exception log for details.".to_owned(),
                ),
                retry_after: None,
            };
            let read = failed(kind.clone());
            assert_eq!(read.is_transient(), status == 500, "{read}");
            // As a write, which this file must not name.
            let apology = ApiError::new(reqwest::Method::OPTIONS, "/V1/x".to_owned(), kind);
            assert!(
                !apology.may_take_effect_later() && !apology.never_sent(),
                "{apology}"
            );
            assert!(!apology.is_transient() && !apology.may_retry_write(), "{apology}");
        }
        for status in [200, 201, 204, 301, 400, 401, 403, 404, 405, 413] {
            for kind in [refused(status), page(status)] {
                let error = failed(kind);
                assert!(!error.may_take_effect_later() && !error.never_sent(), "{status}");
            }
        }
    }
}
