//! One request: where it goes, how it is signed, how large and how slow an answer may be.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::answer::Answer;
use super::error::{ApiError, Failure};
use super::hint::hints;
use super::retry::patiently;

/// How long and how much a request may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest time to get a connection.
    pub connect: Duration,
    /// The longest time from the request to the end of its answer. 1,000 links take the server 0.2 s, 50,000 take it
    /// 113 s (recording 08).
    pub request: Duration,
    /// The largest body, in bytes; 10,000 links are about 700 kB.
    pub body: u64,
    /// How often a read is tried in all.
    pub attempts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_mins(2),
            body: 64 * 1024 * 1024,
            attempts: 4,
        }
    }
}

/// Why no connection to a target can be prepared.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The token holds what cannot stand in a header.
    #[error("the token has characters that cannot stand in an HTTP header; check for line breaks and quotes")]
    Token,
    /// The base URL cannot take a path.
    #[error("{0} cannot be a base URL")]
    BaseUrl(Url),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// A way to one target, ready to send requests; cheap to clone.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    base: Arc<Url>,
    authorization: HeaderValue,
    limits: Limits,
}

impl Connection {
    /// Prepares the way to a target: `url` is the shop's base URL, `store` the store code in the path, of which `all`
    /// answers in no store's language (commerce.md C6).
    pub fn new(
        url: &Url,
        store: &str,
        token: &SecretString,
        limits: Limits,
    ) -> Result<Self, ConnectionError> {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| ConnectionError::Token)?;
        authorization.set_sensitive(true);
        let mut base = url.clone();
        base.path_segments_mut()
            .map_err(|()| ConnectionError::BaseUrl(url.clone()))?
            .pop_if_empty()
            .extend(["rest", store, "V1"]);
        Ok(Self {
            client: http_client(limits)?,
            base: Arc::new(base),
            authorization,
            limits,
        })
    }

    /// Reads; tries again when that may help.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, query: &str) -> Result<T, ApiError> {
        patiently(self.limits.attempts, || async {
            let url = self.url(path, query);
            let request = self
                .client
                .get(url.clone())
                .header(AUTHORIZATION, self.authorization.clone());
            let answer = self.send(&Method::GET, &url, request).await?;
            answer
                .json()
                .map_err(|failure| api_error(&Method::GET, &url, failure))
        })
        .await
    }

    /// Writes, once: whether a write that failed took effect is found out by reading.
    pub(super) async fn write<B: Serialize + Sync>(&self, path: &str, body: &B) -> Result<(), ApiError> {
        let url = self.url(path, "");
        let request = self
            .client
            .post(url.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/json")
            .json(body);
        let answer = self.send(&Method::POST, &url, request).await?;
        answer
            .empty_list()
            .map_err(|failure| api_error(&Method::POST, &url, failure))
    }

    fn url(&self, path: &str, query: &str) -> Url {
        let mut url = Url::clone(&self.base);
        url.set_path(&format!("{}/{path}", self.base.path()));
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        url
    }

    async fn send(
        &self,
        method: &Method,
        url: &Url,
        request: reqwest::RequestBuilder,
    ) -> Result<Answer, ApiError> {
        let started = std::time::Instant::now();
        let sent = request.send().await;
        let answer = match sent {
            Ok(response) => read(response, self.limits.body).await,
            Err(error) => Err(no_answer(error)),
        };
        let elapsed = started.elapsed();
        match &answer {
            Ok(answer) => {
                tracing::debug!(%method, path = url.path(), status = answer.status, ?elapsed, "answered");
            }
            Err(failure) => tracing::debug!(%method, path = url.path(), %failure, ?elapsed, "no answer"),
        }
        answer.map_err(|failure| api_error(method, url, failure))
    }
}

/// Sets up an HTTP client that follows no redirect and resends nothing by itself.
pub fn http_client(limits: Limits) -> Result<Client, ConnectionError> {
    // Another part of the process may have been first; then its choice stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    Client::builder()
        .user_agent(concat!("stocktake/", env!("CARGO_PKG_VERSION")))
        .default_headers(accept)
        .connect_timeout(limits.connect)
        .timeout(limits.request)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .map_err(ConnectionError::Client)
}

async fn read(mut response: Response, limit: u64) -> Result<Answer, Failure> {
    let text = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let media_type = text(CONTENT_TYPE)
        .and_then(|value| value.split(';').next())
        .unwrap_or("")
        .trim()
        .to_owned();
    let mut answer = Answer {
        status: response.status().as_u16(),
        media_type,
        retry_after: text(RETRY_AFTER).and_then(|value| value.trim().parse().ok()),
        location: text(LOCATION).map(ToOwned::to_owned),
        body: Vec::new(),
    };
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if (answer.body.len() + chunk.len()) as u64 > limit {
            return Err(Failure::TooLarge { limit });
        }
        answer.body.extend_from_slice(&chunk);
    }
    Ok(answer)
}

fn no_answer(error: reqwest::Error) -> Failure {
    Failure::NoAnswer {
        never_sent: error.is_connect() || error.is_builder(),
        timed_out: error.is_timeout(),
        source: error.without_url(),
    }
}

fn api_error(method: &Method, url: &Url, failure: Failure) -> ApiError {
    let method = if *method == Method::GET { "GET" } else { "POST" };
    ApiError {
        method,
        path: url.path().to_owned(),
        hints: hints(&failure),
        failure,
    }
}
