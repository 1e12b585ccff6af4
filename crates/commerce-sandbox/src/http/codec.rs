//! Conversion between the HTTP server's requests and answers and the shop's own.

use std::io;

use axum::body::Body;
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST, HeaderName, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::answer::{Answer, Delivery};
use super::request::Request;

/// The caller's scheme, as a proxy in front reports it.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// The store, in the cloud.
const STORE: HeaderName = HeaderName::from_static("store");
/// The application, in the cloud.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// The organization, in the cloud.
const ORGANIZATION: HeaderName = HeaderName::from_static("x-gw-ims-org-id");

/// Decodes a request.
pub fn decode(parts: &Parts, body: Vec<u8>) -> Request {
    let header = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        accept: header(ACCEPT),
        content_type: header(CONTENT_TYPE),
        authorization: header(AUTHORIZATION),
        // HTTP/2 has host and scheme in the URI.
        host: header(HOST).or_else(|| parts.uri.authority().map(ToString::to_string)),
        secure: header(FORWARDED_PROTO)
            .as_deref()
            .or(parts.uri.scheme_str())
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
        store: header(STORE),
        api_key: header(API_KEY),
        organization: header(ORGANIZATION),
        body,
    }
}

/// Encodes an answer, with the time on the shop's clock.
pub fn encode(answer: Answer, now: u64) -> Response<Body> {
    let length = answer.body.len();
    let broken_off = answer.delivery == Delivery::Truncated;
    let mut response = Response::new(match answer.delivery {
        Delivery::Truncated => half(&answer.body),
        Delivery::Complete | Delivery::None => Body::from(answer.body),
    });
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if broken_off {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    // Clients compare their clock with it.
    if let Some(date) = date(now) {
        headers.insert(DATE, date);
    }
    response
}

/// Gives a body that breaks off half-way.
fn half(body: &str) -> Body {
    let half = body.as_bytes()[..body.len() / 2].to_vec();
    let broken = async {
        // The first half must leave the server before the break.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(broken)))
}

/// Formats a time for a header; `None` if it is out of range.
fn date(now: u64) -> Option<HeaderValue> {
    let time = Timestamp::from_second(i64::try_from(now).ok()?).ok()?;
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()?;
    HeaderValue::from_str(&text).ok()
}
