//! Receives a response: its headers, and its body up to a size limit.

use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};

use super::cache::cache_hit;
use super::error::error_kind::ErrorKind;
use super::response::Response;

/// Longest body that is read of a response other than 200, in bytes; the rest is cut off.
const LONGEST_ERROR: usize = 64 * 1024;

/// Cloudflare sets this header when it answers in place of the server.
const MITIGATED: HeaderName = HeaderName::from_static("cf-mitigated");

/// Reads a response to its end.
pub async fn receive(mut response: reqwest::Response, limit: u64) -> Result<Response, ErrorKind> {
    let text = |name: HeaderName| {
        response
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let content_type = text(CONTENT_TYPE).unwrap_or_default();
    let mut received = Response {
        retry_after: retry_after(&response),
        cached: cache_hit(response.headers()),
        location: text(LOCATION).map(ToOwned::to_owned),
        challenges: challenges(&response),
        wants_a_browser: text(MITIGATED) == Some("challenge"),
        ..Response::new(response.status().as_u16(), content_type, Vec::new())
    };
    while let Some(chunk) = response.chunk().await.map_err(no_response)? {
        if received.status != 200 && received.body.len() + chunk.len() > LONGEST_ERROR {
            let rest = LONGEST_ERROR - received.body.len();
            received.body.extend_from_slice(&chunk[..rest]);
            received.cut = true;
            return Ok(received);
        }
        if (received.body.len() + chunk.len()) as u64 > limit {
            return Err(ErrorKind::TooLarge { limit });
        }
        received.body.extend_from_slice(&chunk);
    }
    Ok(received)
}

/// The error of a request without a complete response.
pub fn no_response(error: reqwest::Error) -> ErrorKind {
    ErrorKind::NoAnswer {
        never_sent: error.is_connect() || error.is_builder(),
        timed_out: error.is_timeout(),
        source: Arc::new(error.without_url()),
    }
}

/// The seconds to wait that a response names.
pub fn retry_after(response: &reqwest::Response) -> Option<u64> {
    let value = response.headers().get(RETRY_AFTER)?;
    seconds(value.to_str().ok()?, date(response))
}

/// The seconds of a `Retry-After`, which may also name a time (RFC 9110, 10.2.3). `date` is the time of the server.
fn seconds(value: &str, date: Option<jiff::Timestamp>) -> Option<u64> {
    let value = value.trim();
    value.parse().ok().or_else(|| {
        let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
        let now = date.unwrap_or_else(jiff::Timestamp::now);
        u64::try_from(until.as_second() - now.as_second()).ok()
    })
}

/// The server's time at its response.
pub fn date(response: &reqwest::Response) -> Option<jiff::Timestamp> {
    let date = response.headers().get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

/// The values of `WWW-Authenticate`.
fn challenges(response: &reqwest::Response) -> Vec<String> {
    let values = response.headers().get_all(WWW_AUTHENTICATE).into_iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}
