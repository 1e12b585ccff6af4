//! The way to one target: where the API is, who asks, and how often.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CACHE_CONTROL, HeaderName, HeaderValue, PRAGMA};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::deadline::Deadline;
use super::proxy::Proxy;
use super::response::Response;
use super::retry::{Retries, with_retries};
use super::transport::{RequestInfo, ConnectionError, Limits, Tls, Traffic, Transport};
use crate::commerce::http::auth::access_gate::AccessGate;
use crate::commerce::http::auth::credential::{Api, Credential};
use crate::commerce::http::auth::signer::{Signature, Signer};
use crate::commerce::http::error::api_error::{ApiError, ErrorKind};

/// The most that the answer to anything but a list may have, in bytes.
pub(in crate::commerce) const SMALL: u64 = 64 * 1024;

/// What was read.
pub(in crate::commerce) struct Decoded<T> {
    pub value: T,
    /// How many bytes it had.
    pub bytes: u64,
    /// The header that tells that a cache before the shop answered.
    pub cached: Option<String>,
}

/// A way to one target, ready to send requests; cheap to clone.
#[derive(Clone)]
pub struct Connection {
    transport: Transport,
    base: Arc<Url>,
    signer: Signer,
    store_header: Option<HeaderValue>,
}

impl Connection {
    /// Prepares the way to a target, `url` being the shop's base URL; nothing is sent yet.
    pub fn new(
        url: &Url,
        api: &Api,
        credential: Credential,
        limits: Limits,
        tls: &Tls,
    ) -> Result<Self, ConnectionError> {
        let mut base = url.clone();
        let mut segments = base
            .path_segments_mut()
            .map_err(|()| ConnectionError::BaseUrl(url.clone()))?;
        let store_header = match api {
            Api::Paas { store } => {
                segments.pop_if_empty().extend(["rest", store, "V1"]);
                None
            }
            Api::Saas { store } => {
                segments.pop_if_empty().push("V1");
                Some(
                    HeaderValue::from_str(store)
                        .map_err(|_| ConnectionError::Header("store code".to_owned()))?,
                )
            }
        };
        drop(segments);
        let base = Arc::new(base);
        let mut transport = Transport::new(url, limits, tls)?;
        transport.hide(credential.secrets().into_iter().map(ExposeSecret::expose_secret));
        let signer = Signer::new(credential, Arc::clone(&base))?;
        Ok(Self {
            transport,
            base,
            signer,
            store_header,
        })
    }

    /// By how many seconds the server's clock is ahead of this machine's, as its last answer told.
    pub(in crate::commerce) fn clock_skew(&self) -> Option<i64> {
        self.transport.clock_skew()
    }

    /// The same way with a door on it.
    #[must_use]
    pub fn behind(mut self, gate: AccessGate) -> Self {
        self.transport.hide(gate.secrets());
        self.signer = self.signer.behind(gate);
        self
    }

    /// The proxy that requests to the shop go through, if there is one.
    pub(in crate::commerce) fn proxy(&self) -> Option<Proxy> {
        self.transport.proxy(&self.base)
    }

    /// What has been sent and taken in so far.
    pub(in crate::commerce) fn traffic(&self) -> Traffic {
        self.transport.traffic()
    }

    /// The end of the time for the whole run.
    pub(in crate::commerce) fn deadline(&self) -> Deadline {
        self.transport.deadline()
    }

    /// The first pause before something is tried again.
    pub(in crate::commerce) fn pause(&self) -> Duration {
        self.transport.pause()
    }

    /// The longest time from a request to the end of its answer.
    pub(in crate::commerce) fn request_timeout(&self) -> Duration {
        self.transport.request_timeout()
    }

    /// How long reads may show what stood before a write of ours.
    pub(in crate::commerce) fn consistency(&self) -> Duration {
        self.transport.consistency()
    }

    /// Reads a number, a yes or a no; tries again when that may help.
    pub(in crate::commerce) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &str,
    ) -> Result<T, ApiError> {
        self.get_fresh(SMALL, path, query).await
    }

    /// Reads what has at most so many bytes; tries again when that may help. What a cache gives in place of the shop is no
    /// answer.
    pub(in crate::commerce) async fn get_fresh<T: DeserializeOwned>(
        &self,
        most: u64,
        path: &str,
        query: &str,
    ) -> Result<T, ApiError> {
        let got = self.get_within(most, path, query).await?;
        match got.cached {
            None => Ok(got.value),
            Some(header) => {
                Err(self.unexpected(path, format!("a cache before the shop answered ({header})")))
            }
        }
    }

    /// Reads what has at most so many bytes, whoever answers; tries again when that may help.
    pub(in crate::commerce) async fn get_within<T: DeserializeOwned>(
        &self,
        most: u64,
        path: &str,
        query: &str,
    ) -> Result<Decoded<T>, ApiError> {
        let retries = Retries::of_read(self.transport.attempts(), self.pause(), self.deadline());
        with_retries(retries, || async {
            let url = self.url(path, query);
            let (asked, answer) = self
                .signed(&Method::GET, &url, most, || {
                    let request = self.transport.request(Method::GET, url.clone());
                    request
                        .header(CACHE_CONTROL, "no-cache")
                        .header(PRAGMA, "no-cache")
                })
                .await?;
            answer
                .json()
                .map(|value| Decoded {
                    value,
                    bytes: answer.body.len() as u64,
                    cached: answer.cached,
                })
                .map_err(|failure| self.with_hints(asked.failed(failure)))
        })
        .await
    }

    /// Writes, once: whether a write that failed took effect is found out by reading.
    pub(in crate::commerce) async fn write<B: Serialize + Sync>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<(), ApiError> {
        let url = self.url(path, "");
        // `json` names the content type; a second header of that name would make one that the server does not know.
        let request = || self.transport.request(Method::POST, url.clone()).json(body);
        let (asked, answer) = self.signed(&Method::POST, &url, SMALL, request).await?;
        answer
            .empty_list()
            .map_err(|failure| self.with_hints(asked.failed(failure)))
    }

    /// Says that a read brought what no honest answer holds.
    pub(in crate::commerce) fn unexpected(&self, path: &str, detail: String) -> ApiError {
        let failure = ErrorKind::Unexpected {
            status: 200,
            detail,
            text: None,
        };
        ApiError::new(Method::GET, self.url(path, "").path().to_owned(), failure)
    }

    /// Adds what the kind of credential has to do with a refusal.
    fn with_hints(&self, mut error: ApiError) -> ApiError {
        if let (ErrorKind::AccessGate { challenge, .. }, true) = (&error.kind, error.path.contains("/V1/")) {
            error.hints = vec![self.signer.gate_hint(challenge)];
        } else if let Some(resource) = error.missing_resource() {
            error.hints = vec![self.signer.permission_hint(&resource)];
        } else if self.store_header.is_some() && error.status() == Some(401) {
            error.hints = vec![self.signer.gateway_hint().to_owned()];
        }
        error
    }

    /// Sends a request signed; a token that is refused is renewed once where the credential allows it. One that writes is
    /// sent again too: it writes the same. But whatever comes of the second try, the first one was sent.
    async fn signed(
        &self,
        method: &Method,
        url: &Url,
        most: u64,
        request: impl Fn() -> RequestBuilder + Sync,
    ) -> Result<(RequestInfo, Response), ApiError> {
        let signature = self.signature(method, url).await?;
        let attempt = |headers| {
            self.transport
                .send(self.with_store(request()).headers(headers), most)
        };
        let first = attempt(signature.headers.clone()).await?;
        // A door that is shut knows nothing of tokens.
        if first.1.access_gate().is_some() {
            return Ok(first);
        }
        if first.1.status != 401 {
            self.signer.accepted(&signature).await;
            return Ok(first);
        }
        if !self.signer.renew(&signature).await {
            return Ok(first);
        }
        let signature = self.signature(method, url).await;
        let signature = signature.map_err(ApiError::after_first_try)?;
        let second = attempt(signature.headers.clone()).await;
        let second = second.map_err(ApiError::after_first_try)?;
        if second.1.status == 401 {
            self.signer.renewal_rejected().await;
        } else {
            self.signer.accepted(&signature).await;
        }
        Ok(second)
    }

    /// Signs an attempt; when no token can be had for it, it is not made.
    async fn signature(&self, method: &Method, url: &Url) -> Result<Signature, ApiError> {
        let signature = self.signer.sign(&self.transport, method, url).await;
        signature.map_err(|error| self.with_hints(error).as_unsent())
    }

    fn with_store(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.store_header {
            Some(store) => request.header(HeaderName::from_static("store"), store.clone()),
            None => request,
        }
    }

    fn url(&self, path: &str, query: &str) -> Url {
        let mut url = Url::clone(&self.base);
        url.set_path(&format!("{}/{path}", self.base.path()));
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        url
    }
}
