//! A connection to one target: the URLs of its API, signed requests, retries of reads.

use std::sync::Arc;

use reqwest::header::{CACHE_CONTROL, HeaderName, HeaderValue, PRAGMA};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::auth::access_gate::AccessGate;
use super::auth::credential::{Api, Credential};
use super::auth::signer::{Signature, Signer};
use super::deadline::Deadline;
use super::error::api_error::ApiError;
use super::error::connection_error::ConnectionError;
use super::error::error_kind::ErrorKind;
use super::limits::{Limits, SMALL};
use super::proxy::Proxy;
use super::response::Response;
use super::retry::{Retries, with_retries};
use super::tls::Tls;
use super::transport::{RequestInfo, Traffic, Transport};

/// A decoded body.
pub struct Decoded<T> {
    pub value: T,
    /// Bytes of the body.
    pub bytes: u64,
    /// The header by which a cache in front of the shop says that it answered.
    pub cached: Option<String>,
}

/// A connection to one target; cheap to clone.
#[derive(Clone)]
pub struct Connection {
    transport: Transport,
    base: Arc<Url>,
    signer: Signer,
    store_header: Option<HeaderValue>,
}

impl Connection {
    /// Sets up a connection; `url` is the shop's base URL. Sends nothing.
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
        transport.mask(credential.secrets().into_iter().map(ExposeSecret::expose_secret));
        let signer = Signer::new(credential, Arc::clone(&base))?;
        Ok(Self {
            transport,
            base,
            signer,
            store_header,
        })
    }

    /// The same connection through an access gate.
    #[must_use]
    pub fn behind(mut self, gate: AccessGate) -> Self {
        self.transport.mask(gate.secrets());
        self.signer = self.signer.behind(gate);
        self
    }

    /// Seconds by which the server's clock is ahead of this machine's, by its last response.
    pub(in crate::commerce) fn clock_skew(&self) -> Option<i64> {
        self.transport.clock_skew()
    }

    /// The proxy for requests to the shop, if there is one.
    pub(in crate::commerce) fn proxy(&self) -> Option<Proxy> {
        self.transport.proxy(&self.base)
    }

    /// Requests and bytes so far.
    pub(in crate::commerce) fn traffic(&self) -> Traffic {
        self.transport.traffic()
    }

    /// The deadline of the run.
    pub(in crate::commerce) fn deadline(&self) -> &Deadline {
        self.transport.deadline()
    }

    /// The limits of its requests.
    pub(in crate::commerce) fn limits(&self) -> &Limits {
        self.transport.limits()
    }

    /// Reads a small value, with retries.
    pub(in crate::commerce) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &str,
    ) -> Result<T, ApiError> {
        self.get_fresh(SMALL, path, query).await
    }

    /// Reads a small value, with retries, unless an error is an answer: that is returned as it came.
    pub(in crate::commerce) async fn get_unless<T: DeserializeOwned>(
        &self,
        path: &str,
        is_answer: fn(&ApiError) -> bool,
    ) -> Result<Result<T, ApiError>, ApiError> {
        let answered = with_retries(self.read_retries(), || async {
            match self.get_once(SMALL, path, "").await {
                Err(error) if is_answer(&error) => Ok(Err(error)),
                read => read.map(Ok),
            }
        });
        match answered.await? {
            Ok(decoded) => self.uncached(path, decoded).map(Ok),
            Err(answer) => Ok(Err(answer)),
        }
    }

    /// Reads at most `most` bytes, with retries. A response of a cache is an error.
    pub(in crate::commerce) async fn get_fresh<T: DeserializeOwned>(
        &self,
        most: u64,
        path: &str,
        query: &str,
    ) -> Result<T, ApiError> {
        let decoded = self.get_within(most, path, query).await?;
        self.uncached(path, decoded)
    }

    fn uncached<T>(&self, path: &str, decoded: Decoded<T>) -> Result<T, ApiError> {
        match decoded.cached {
            None => Ok(decoded.value),
            Some(header) => {
                Err(self.unexpected(path, format!("a cache in front of the shop answered ({header})")))
            }
        }
    }

    /// Reads at most `most` bytes, with retries. A response of a cache is accepted and marked.
    pub(in crate::commerce) async fn get_within<T: DeserializeOwned>(
        &self,
        most: u64,
        path: &str,
        query: &str,
    ) -> Result<Decoded<T>, ApiError> {
        with_retries(self.read_retries(), || self.get_once(most, path, query)).await
    }

    fn read_retries(&self) -> Retries {
        let limits = self.limits();
        Retries::of_read(limits.attempts, limits.pause, self.deadline().clone())
    }

    /// Reads at most `most` bytes in one attempt.
    async fn get_once<T: DeserializeOwned>(
        &self,
        most: u64,
        path: &str,
        query: &str,
    ) -> Result<Decoded<T>, ApiError> {
        let url = self.url(path, query);
        let (info, response) = self
            .signed(&Method::GET, &url, most, || {
                let request = self.transport.request(Method::GET, url.clone());
                request
                    .header(CACHE_CONTROL, "no-cache")
                    .header(PRAGMA, "no-cache")
            })
            .await?;
        response
            .json()
            .map(|value| Decoded {
                value,
                bytes: response.body.len() as u64,
                cached: response.cached,
            })
            .map_err(|kind| self.with_hints(info.failed(kind)))
    }

    /// Writes, without retries: after an error only a read shows if the write took effect.
    pub(in crate::commerce) async fn write<B: Serialize + Sync>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<(), ApiError> {
        let url = self.url(path, "");
        // `json` sets the content type. A second header of that name would add up to a type that the server does not know.
        let request = || self.transport.request(Method::POST, url.clone()).json(body);
        let (info, response) = self.signed(&Method::POST, &url, SMALL, request).await?;
        response
            .empty_list()
            .map_err(|kind| self.with_hints(info.failed(kind)))
    }

    /// The error of a read whose content is not valid.
    pub(in crate::commerce) fn unexpected(&self, path: &str, detail: String) -> ApiError {
        let kind = ErrorKind::Unexpected {
            status: 200,
            detail,
            text: None,
        };
        ApiError::new(Method::GET, self.url(path, "").path().to_owned(), kind)
    }

    /// Replaces hints by those for the kind of credential in use.
    fn with_hints(&self, mut error: ApiError) -> ApiError {
        if let (ErrorKind::AccessGate { challenge, .. }, true) = (&error.kind, error.path.contains("/V1/")) {
            error.hints = vec![self.signer.access_gate_hint(challenge)];
        } else if let Some(resource) = error.missing_resource() {
            error.hints = vec![self.signer.permission_hint(&resource)];
        } else if self.store_header.is_some() && error.status() == Some(401) {
            error.hints = vec![self.signer.gateway_hint().to_owned()];
        }
        error
    }

    /// Sends a signed request. If its token is refused and the credential allows it, fetches a new token and sends the request
    /// once more, writes too: they write the same again. An error of the second attempt is marked as sent before.
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
        // An access gate says nothing about the shop's tokens.
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

    /// Signs an attempt. Without a token the attempt is not made.
    async fn signature(&self, method: &Method, url: &Url) -> Result<Signature, ApiError> {
        let signature = self.signer.sign(&self.transport, method, url).await;
        signature.map_err(|error| self.with_hints(error).into_unsent())
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
