//! The HTTP client for all requests: it follows no redirect, retries nothing, and knows its proxy.

use std::error::Error;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Identity, Method, Request, RequestBuilder};
use url::Url;

use super::error::connection_error::ConnectionError;
use super::error::proxy_failure::{ProxyFailure, ProxyFault};
use super::limits::Limits;
use super::proxy::{CredentialState, Proxies, Proxy, is_loopback};
use super::tls::Tls;

/// Sends requests.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    proxies: Proxies,
    limits: Limits,
}

/// Why a request has no response.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// A proxy did not pass the request on.
    #[error("{proxy}")]
    Proxy {
        /// The proxy and its fault.
        proxy: ProxyFailure,
        /// The error of the network; `None` if the proxy was not asked again.
        source: Option<reqwest::Error>,
    },
    /// The network failed.
    #[error(transparent)]
    Network(reqwest::Error),
}

impl SendError {
    /// True if the request certainly did not reach the server.
    pub fn never_sent(&self) -> bool {
        match self {
            Self::Proxy { .. } => true,
            Self::Network(error) => error.is_connect() || error.is_builder(),
        }
    }

    /// True if a retry may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Proxy { proxy, .. } => proxy.fault.is_transient(),
            Self::Network(_) => true,
        }
    }

    /// The most precise reason, without any URL.
    pub fn reason(&self) -> String {
        match self {
            Self::Proxy { proxy, source } => match source {
                Some(source) if proxy.fault == ProxyFault::Unreachable => {
                    format!("{proxy}: {}", innermost(source))
                }
                _ => proxy.to_string(),
            },
            Self::Network(error) => innermost(error),
        }
    }
}

/// The message of an error's first cause.
pub fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Sets up an HTTP client for the server of a URL. Proxies come from the environment; a host on this machine needs none.
pub fn http_client(url: &Url, limits: Limits, tls: &Tls) -> Result<HttpClient, ConnectionError> {
    // Fails if another part of the process has installed a provider, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let mut client = Client::builder()
        .user_agent(concat!("stocktake/", env!("CARGO_PKG_VERSION")))
        .default_headers(accept)
        .connect_timeout(limits.connect)
        .timeout(limits.request)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    if let Some(authorities) = &tls.authorities {
        let bundle = Certificate::from_pem_bundle(authorities)
            .map_err(|error| ConnectionError::Pem("ca_file", error))?;
        if bundle.is_empty() {
            return Err(ConnectionError::NoAuthority);
        }
        client = client.tls_certs_merge(bundle);
    }
    if let Some(identity) = &tls.identity {
        let identity = Identity::from_pem(identity);
        client =
            client.identity(identity.map_err(|error| ConnectionError::Pem("client certificate", error))?);
    }
    if is_loopback(url) {
        client = client.no_proxy();
    }
    let proxies = Proxies::from_env();
    proxies.for_url(url)?;
    Ok(HttpClient {
        client: client.build().map_err(ConnectionError::Client)?,
        proxies,
        limits,
    })
}

impl HttpClient {
    /// Begins a request.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// The proxy for a URL, if there is one.
    pub fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.proxies.for_url(url).ok().flatten()
    }

    /// Sends a request once.
    pub async fn send(&self, request: Request) -> Result<reqwest::Response, SendError> {
        let url = request.url().clone();
        // Boxed, so that the futures around it stay small.
        let mut sending = Box::pin(self.client.execute(request));
        let Some(proxy) = self.proxy(&url) else {
            let sent = sending.await;
            return sent.map_err(|error| SendError::Network(error.without_url()));
        };
        let shared = proxy.credential_state();
        let first = {
            let mut state = shared.lock().await;
            match *state {
                CredentialState::Refused => {
                    let proxy = proxy.failed(proxy.wants_password());
                    return Err(SendError::Proxy { proxy, source: None });
                }
                CredentialState::Accepted => None,
                // Other requests wait until the proxy has judged the credentials: at most as long as a connection may take.
                CredentialState::Untried => {
                    let sent = tokio::time::timeout(self.limits.connect, &mut sending).await.ok();
                    *state = match &sent {
                        Some(Err(error)) if Proxy::refused_credentials(error) => CredentialState::Refused,
                        Some(Err(error)) if error.is_connect() => CredentialState::Untried,
                        _ => CredentialState::Accepted,
                    };
                    sent
                }
            }
        };
        let sent = match first {
            Some(sent) => sent,
            None => sending.await,
        };
        let error = match sent {
            Ok(response) => return Ok(response),
            Err(error) => error.without_url(),
        };
        if Proxy::refused_credentials(&error) {
            *shared.lock().await = CredentialState::Refused;
        }
        Err(
            match Box::pin(proxy.fault(&error, &url, self.limits.connect)).await {
                Some(fault) => SendError::Proxy {
                    proxy: proxy.failed(fault),
                    source: Some(error),
                },
                None => SendError::Network(error),
            },
        )
    }
}
