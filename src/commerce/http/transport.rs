//! Sending one request and taking its whole answer in: time, size, certificates and proxies are settled here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Method, RequestBuilder};
use url::Url;

use super::cache::hit;
use super::client::{HttpClient, SendError, http_client};
use super::deadline::Deadline;
use super::masks::Masks;
use super::proxy::{Proxy, ProxyError};
use super::response::Response;
use crate::commerce::http::error::api_error::{ApiError, ErrorKind};
use crate::commerce::http::error::hint::{OUT_OF_TIME, first_connection, through};
use crate::commerce::http::error::interpolate::brief;

/// How long and how much a request may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest time to get a connection.
    pub connect: Duration,
    /// The longest time from the request to the end of its answer. 1,000 links take the server 0.2 s, 50,000 take it
    /// 113 s (recording 08).
    pub request: Duration,
    /// The longest time for all requests of a run together, with the pauses between them; `None` for no end. A shop of
    /// 1,000,000 links is read in less than a minute, and 50,000 links are written in ten (recording 08).
    pub run: Option<Duration>,
    /// The largest body, in bytes; 10,000 links are about 700 kB.
    pub body: u64,
    /// How often a read is tried in all.
    pub attempts: usize,
    /// The first pause before something is tried again; further ones are longer.
    pub pause: Duration,
    /// How long reads may show what stood before a write of ours: some shops answer them from a replica of their database.
    pub consistency: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_mins(2),
            run: Some(Duration::from_mins(30)),
            body: 64 * 1024 * 1024,
            attempts: 4,
            pause: Duration::from_millis(250),
            consistency: Duration::from_secs(10),
        }
    }
}

/// Whom to trust and how to show who asks, beyond what the system knows.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates of private authorities, in PEM.
    pub authorities: Option<Vec<u8>>,
    /// A client certificate with its key, in PEM.
    pub identity: Option<Vec<u8>>,
}

/// Why no connection to a target can be prepared.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// A credential holds what cannot stand in a header.
    #[error("the {0} has characters that cannot stand in an HTTP header; check for line breaks and quotes")]
    Header(String),
    /// The user of HTTP Basic in front of the shop has a colon.
    #[error("the user of `connection.basic` has a colon, which HTTP Basic does not allow")]
    BasicUser,
    /// The base URL cannot take a path.
    #[error("{0} cannot be a base URL")]
    BaseUrl(Url),
    /// The certificates cannot be read.
    #[error("the {0} is no PEM file with what it must hold")]
    Pem(&'static str, #[source] reqwest::Error),
    /// The file of authorities holds none.
    #[error("the ca_file holds no certificate in PEM")]
    NoAuthority,
    /// The environment names a proxy that cannot be used.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// What a connection has sent and taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, sign-in and further tries included.
    pub requests: u64,
    /// Bytes of the answers that came whole, as they are when unpacked.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    bytes: AtomicU64,
}

/// Sends requests.
#[derive(Debug, Clone)]
pub(in crate::commerce) struct Transport {
    client: HttpClient,
    limits: Arc<Limits>,
    deadline: Deadline,
    /// What no failure may show.
    masks: Arc<Masks>,
    /// Whether anything has ever answered.
    heard: Arc<AtomicBool>,
    /// What has been sent and taken in.
    traffic: Arc<Counters>,
    /// Seconds by which the server's clock is ahead, once an answer has told; `i64::MIN` before.
    skew: Arc<AtomicI64>,
}

impl Transport {
    pub(in crate::commerce) fn new(url: &Url, limits: Limits, tls: &Tls) -> Result<Self, ConnectionError> {
        Ok(Self {
            client: http_client(url, limits, tls)?,
            limits: Arc::new(limits),
            deadline: Deadline::after(limits.run),
            masks: Arc::default(),
            heard: Arc::default(),
            traffic: Arc::default(),
            skew: Arc::new(AtomicI64::new(i64::MIN)),
        })
    }

    /// Adds secrets that no failure may show.
    pub(in crate::commerce) fn hide<'a>(&mut self, secrets: impl IntoIterator<Item = &'a str>) {
        let masks = Arc::make_mut(&mut self.masks);
        secrets.into_iter().for_each(|secret| masks.add(secret));
    }

    /// The longest time from a request to the end of its answer.
    pub(in crate::commerce) fn request_timeout(&self) -> Duration {
        self.limits.request
    }

    /// By how many seconds the server's clock is ahead of this machine's, as its last answer told.
    pub(in crate::commerce) fn clock_skew(&self) -> Option<i64> {
        Some(self.skew.load(Ordering::Relaxed)).filter(|skew| *skew != i64::MIN)
    }

    /// What has been sent and taken in so far.
    pub(in crate::commerce) fn traffic(&self) -> Traffic {
        Traffic {
            requests: self.traffic.requests.load(Ordering::Relaxed),
            bytes: self.traffic.bytes.load(Ordering::Relaxed),
        }
    }

    /// How often a read is tried in all.
    pub(in crate::commerce) fn attempts(&self) -> usize {
        self.limits.attempts
    }

    /// The first pause before something is tried again.
    pub(in crate::commerce) fn pause(&self) -> Duration {
        self.limits.pause
    }

    /// How long reads may show what stood before a write of ours.
    pub(in crate::commerce) fn consistency(&self) -> Duration {
        self.limits.consistency
    }

    /// The end of the time for the whole run.
    pub(in crate::commerce) fn deadline(&self) -> Deadline {
        self.deadline.clone()
    }

    /// The proxy that requests to an address go through, if there is one.
    pub(in crate::commerce) fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.client.proxy(url)
    }

    pub(in crate::commerce) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request once; any answer that came whole is an answer. A success has at most so many bytes.
    pub(in crate::commerce) async fn send(
        &self,
        request: RequestBuilder,
        most: u64,
    ) -> Result<(RequestInfo, Response), ApiError> {
        let mut request = request.build().map_err(|error| {
            let asked = RequestInfo {
                method: Method::GET,
                path: String::new(),
                masks: Arc::clone(&self.masks),
                sensitive: Vec::new(),
            };
            asked.failed(no_answer(error))
        })?;
        let asked = RequestInfo {
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            masks: Arc::clone(&self.masks),
            sensitive: request
                .headers()
                .values()
                .filter(|value| value.is_sensitive())
                .cloned()
                .collect(),
        };
        let through_tls = request.url().scheme() == "https";
        let started = Instant::now();
        if self.deadline.is_over() {
            return Err(asked.failed(ErrorKind::OutOfTime));
        }
        *request.timeout_mut() = self.deadline.left().map(|left| left.min(self.limits.request));
        self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        let proxy = self.proxy(request.url());
        let answer = match self.client.send(request).await {
            Ok(response) => {
                self.heard.store(true, Ordering::Relaxed);
                self.compare_clocks(&response);
                let answer = read(response, most.min(self.limits.body)).await;
                let bytes = answer.as_ref().map_or(0, |answer| answer.body.len() as u64);
                self.traffic.bytes.fetch_add(bytes, Ordering::Relaxed);
                answer
            }
            Err(SendError::Network(error)) => Err(no_answer(error)),
            Err(SendError::Proxy { proxy, source }) => Err(ErrorKind::Proxy {
                proxy,
                source: source.map(Arc::new),
            }),
        };
        let elapsed = started.elapsed();
        let RequestInfo { method, path, .. } = &asked;
        match &answer {
            Ok(answer) => tracing::debug!(%method, path, status = answer.status, ?elapsed, "answered"),
            Err(failure) => tracing::debug!(%method, path, %failure, ?elapsed, "no answer"),
        }
        match answer {
            Ok(mut answer) => {
                if let Some(header) = &mut answer.cached {
                    asked.masks().apply(header);
                    // Not before: what is left of a secret that is cut is not found.
                    *header = brief(header).into_owned();
                }
                answer.masks = asked.masks();
                Ok((asked, answer))
            }
            Err(failure) => {
                let mut error = asked.failed(failure);
                let told = error.hints.iter().any(|hint| hint.contains("client_certificate"));
                if through_tls && !told && !self.heard.load(Ordering::Relaxed) && error.lost_connection() {
                    error.hints.push(first_connection());
                }
                if let (Some(proxy), ErrorKind::NoAnswer { .. }) = (proxy, &error.kind) {
                    error.hints.push(through(&proxy));
                }
                if self.deadline.is_over() {
                    error.hints.push(OUT_OF_TIME.to_owned());
                }
                Err(error)
            }
        }
    }
}

impl Transport {
    fn compare_clocks(&self, response: &reqwest::Response) {
        if let Some(told) = date(response) {
            let skew = told.as_second() - jiff::Timestamp::now().as_second();
            self.skew.store(skew, Ordering::Relaxed);
        }
    }
}

/// What was asked, for errors to name.
#[derive(Debug, Clone)]
pub(in crate::commerce) struct RequestInfo {
    method: Method,
    path: String,
    masks: Arc<Masks>,
    /// The headers of the request that are secret, such as a token that was fetched.
    sensitive: Vec<HeaderValue>,
}

impl RequestInfo {
    /// The request's failure, without what is secret in the server's words.
    pub(in crate::commerce) fn failed(&self, failure: ErrorKind) -> ApiError {
        let failure = self.masks().masked(failure);
        ApiError::new(self.method.clone(), self.path.clone(), failure)
    }

    /// What no text of the answer may show.
    fn masks(&self) -> Masks {
        let mut masks = Masks::clone(&self.masks);
        self.sensitive.iter().for_each(|value| masks.add_header(value));
        masks
    }
}

/// The seconds to wait that an answer names.
pub fn retry_after(response: &reqwest::Response) -> Option<u64> {
    let value = response.headers().get(RETRY_AFTER)?;
    seconds(value.to_str().ok()?, date(response))
}

/// The seconds of a `Retry-After`, which may also name the time until which to wait (RFC 9110, 10.2.3): by the server's
/// clock, where the answer tells it.
fn seconds(value: &str, date: Option<jiff::Timestamp>) -> Option<u64> {
    let value = value.trim();
    value.parse().ok().or_else(|| {
        let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
        let now = date.unwrap_or_else(jiff::Timestamp::now);
        u64::try_from(until.as_second() - now.as_second()).ok()
    })
}

/// The server's time when it answered.
fn date(response: &reqwest::Response) -> Option<jiff::Timestamp> {
    let date = response.headers().get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

/// The most of an answer that tells of a failure that is read, in bytes; the rest is cut off.
const FAILURE: usize = 64 * 1024;

/// By this header Cloudflare tells that it answered in place of the server.
const CHALLENGED: HeaderName = HeaderName::from_static("cf-mitigated");

/// What an answer asks for.
fn challenges(response: &reqwest::Response) -> Vec<String> {
    let values = response.headers().get_all(WWW_AUTHENTICATE).into_iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

async fn read(mut response: reqwest::Response, limit: u64) -> Result<Response, ErrorKind> {
    let text = |name: HeaderName| {
        response
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let content_type = text(CONTENT_TYPE).unwrap_or_default();
    let mut answer = Response {
        retry_after: retry_after(&response),
        cached: hit(response.headers()),
        location: text(LOCATION).map(ToOwned::to_owned),
        challenges: challenges(&response),
        wants_a_browser: text(CHALLENGED) == Some("challenge"),
        ..Response::new(response.status().as_u16(), content_type, Vec::new())
    };
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if answer.status != 200 && answer.body.len() + chunk.len() > FAILURE {
            let rest = FAILURE - answer.body.len();
            answer.body.extend_from_slice(&chunk[..rest]);
            answer.cut = true;
            return Ok(answer);
        }
        if (answer.body.len() + chunk.len()) as u64 > limit {
            return Err(ErrorKind::TooLarge { limit });
        }
        answer.body.extend_from_slice(&chunk);
    }
    Ok(answer)
}

fn no_answer(error: reqwest::Error) -> ErrorKind {
    ErrorKind::NoAnswer {
        never_sent: error.is_connect() || error.is_builder(),
        timed_out: error.is_timeout(),
        source: Arc::new(error.without_url()),
    }
}
