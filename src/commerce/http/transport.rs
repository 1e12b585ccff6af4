//! Sends one request and reads its whole response, within the limits of time and size.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use reqwest::header::HeaderValue;
use reqwest::{Method, RequestBuilder};
use url::Url;

use super::client::{HttpClient, SendError, http_client};
use super::deadline::Deadline;
use super::error::api_error::ApiError;
use super::error::connection_error::ConnectionError;
use super::error::error_kind::ErrorKind;
use super::error::hint::OUT_OF_TIME;
use super::error::interpolate::brief;
use super::error::network_hint::{first_connection, through};
use super::limits::Limits;
use super::masks::Masks;
use super::proxy::Proxy;
use super::receive::{date, no_response, receive};
use super::response::Response;
use super::tls::Tls;

/// Requests and bytes of a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, including sign-in and retries.
    pub requests: u64,
    /// Bytes of the complete responses, after decompression.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    bytes: AtomicU64,
}

/// Sends requests within the limits of one run; cheap to clone.
#[derive(Debug, Clone)]
pub struct Transport {
    client: HttpClient,
    limits: Arc<Limits>,
    deadline: Deadline,
    /// Secrets that no error may show.
    masks: Arc<Masks>,
    /// Set by the first response.
    has_responded: Arc<AtomicBool>,
    traffic: Arc<Counters>,
    /// Seconds by which the server's clock is ahead; `i64::MIN` until a response names the time.
    skew: Arc<AtomicI64>,
}

impl Transport {
    pub fn new(url: &Url, limits: Limits, tls: &Tls) -> Result<Self, ConnectionError> {
        Ok(Self {
            client: http_client(url, limits, tls)?,
            limits: Arc::new(limits),
            deadline: Deadline::after(limits.run),
            masks: Arc::default(),
            has_responded: Arc::default(),
            traffic: Arc::default(),
            skew: Arc::new(AtomicI64::new(i64::MIN)),
        })
    }

    /// Adds secrets that no error may show.
    pub fn mask<'a>(&mut self, secrets: impl IntoIterator<Item = &'a str>) {
        let masks = Arc::make_mut(&mut self.masks);
        secrets.into_iter().for_each(|secret| masks.add(secret));
    }

    /// The limits of its requests.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Seconds by which the server's clock is ahead of this machine's, by its last response.
    pub fn clock_skew(&self) -> Option<i64> {
        Some(self.skew.load(Ordering::Relaxed)).filter(|skew| *skew != i64::MIN)
    }

    /// Requests and bytes so far.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            requests: self.traffic.requests.load(Ordering::Relaxed),
            bytes: self.traffic.bytes.load(Ordering::Relaxed),
        }
    }

    /// The deadline of the run.
    pub fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    /// The proxy for a URL, if there is one.
    pub fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.client.proxy(url)
    }

    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request once. Any complete response is a success here, whatever its status; `most` limits the body of a 200,
    /// in bytes.
    pub async fn send(
        &self,
        request: RequestBuilder,
        most: u64,
    ) -> Result<(RequestInfo, Response), ApiError> {
        let mut request = request.build().map_err(|error| {
            let info = RequestInfo {
                method: Method::GET,
                path: String::new(),
                masks: Arc::clone(&self.masks),
                sensitive: Vec::new(),
            };
            info.failed(no_response(error))
        })?;
        let info = RequestInfo {
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
        let is_tls = request.url().scheme() == "https";
        let started = Instant::now();
        if self.deadline.is_over() {
            return Err(info.failed(ErrorKind::OutOfTime));
        }
        *request.timeout_mut() = self.deadline.left().map(|left| left.min(self.limits.request));
        self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        let proxy = self.proxy(request.url());
        let response = match self.client.send(request).await {
            Ok(response) => {
                self.has_responded.store(true, Ordering::Relaxed);
                self.compare_clocks(&response);
                let response = receive(response, most.min(self.limits.body)).await;
                let bytes = response.as_ref().map_or(0, |response| response.body.len() as u64);
                self.traffic.bytes.fetch_add(bytes, Ordering::Relaxed);
                response
            }
            Err(SendError::Network(error)) => Err(no_response(error)),
            Err(SendError::Proxy { proxy, source }) => Err(ErrorKind::Proxy {
                proxy,
                source: source.map(Arc::new),
            }),
        };
        let elapsed = started.elapsed();
        let RequestInfo { method, path, .. } = &info;
        match response {
            Ok(mut response) => {
                tracing::debug!(%method, path, status = response.status, ?elapsed, "answered");
                if let Some(header) = &mut response.cached {
                    info.masks().apply(header);
                    // Mask first, then shorten: a secret that is cut would not be found.
                    *header = brief(header).into_owned();
                }
                response.masks = info.masks();
                Ok((info, response))
            }
            Err(failure) => {
                tracing::debug!(%method, path, %failure, ?elapsed, "no answer");
                let mut error = info.failed(failure);
                let has_hint = error.hints.iter().any(|hint| hint.contains("client_certificate"));
                let is_first = !self.has_responded.load(Ordering::Relaxed);
                if is_tls && !has_hint && is_first && error.lost_connection() {
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

    fn compare_clocks(&self, response: &reqwest::Response) {
        if let Some(date) = date(response) {
            let skew = date.as_second() - jiff::Timestamp::now().as_second();
            self.skew.store(skew, Ordering::Relaxed);
        }
    }
}

/// Method and path of a request, for its errors, and the secrets that these must not show.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    method: Method,
    path: String,
    masks: Arc<Masks>,
    /// Secret headers of the request, such as a fetched token.
    sensitive: Vec<HeaderValue>,
}

impl RequestInfo {
    /// The error of this request, with secrets masked in the server's words.
    pub fn failed(&self, kind: ErrorKind) -> ApiError {
        let kind = self.masks().masked(kind);
        ApiError::new(self.method.clone(), self.path.clone(), kind)
    }

    /// All secrets of the connection and of this request.
    fn masks(&self) -> Masks {
        let mut masks = Masks::clone(&self.masks);
        self.sensitive.iter().for_each(|value| masks.add_header(value));
        masks
    }
}
