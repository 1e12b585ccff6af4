//! The HTTP client that everything is sent with: it follows no redirect, resends nothing, and knows its proxy.

use std::error::Error;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Identity, Method, Request, RequestBuilder};
use url::Url;

use super::proxy::{Proxies, Proxy, ProxyFailure, ProxyFault, Standing, is_loopback};
use super::transport::{ConnectionError, Limits, Tls};

/// Sends requests.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    proxies: Proxies,
    limits: Limits,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// A proxy did not pass the request on.
    #[error("{proxy}")]
    Proxy {
        /// The proxy and what it did.
        proxy: ProxyFailure,
        /// What the network said; nothing when the proxy was not asked again.
        source: Option<reqwest::Error>,
    },
    /// The network failed.
    #[error(transparent)]
    Network(reqwest::Error),
}

impl SendError {
    /// Whether the request certainly did not reach the server.
    pub fn never_sent(&self) -> bool {
        match self {
            Self::Proxy { .. } => true,
            Self::Network(error) => error.is_connect() || error.is_builder(),
        }
    }

    /// Whether another try may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Proxy { proxy, .. } => proxy.fault.is_transient(),
            Self::Network(_) => true,
        }
    }

    /// What happened, in the words of who knows most of it. No address stands there.
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

/// What an error says of its first cause.
pub fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Sets up an HTTP client for the server of an address. Proxies come from the environment, but not for a host on this
/// machine.
pub fn http_client(url: &Url, limits: Limits, tls: &Tls) -> Result<HttpClient, ConnectionError> {
    // Another part of the process may have been first; then its choice stands.
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
    proxies.of(url)?;
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

    /// The proxy that a request to an address goes through, if there is one.
    pub fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.proxies.of(url).ok().flatten()
    }

    /// Sends a request once.
    pub async fn send(&self, request: Request) -> Result<reqwest::Response, SendError> {
        let url = request.url().clone();
        // On the heap: each of the futures around it would hold it else.
        let mut sending = Box::pin(self.client.execute(request));
        let Some(proxy) = self.proxy(&url) else {
            let sent = sending.await;
            return sent.map_err(|error| SendError::Network(error.without_url()));
        };
        let shared = proxy.standing();
        let first = {
            let mut standing = shared.lock().await;
            match *standing {
                Standing::Refused => {
                    let proxy = proxy.failed(proxy.wants_password());
                    return Err(SendError::Proxy { proxy, source: None });
                }
                Standing::Admitted => None,
                // Nobody else sends the credentials before the proxy has judged them, which takes no longer than a
                // connection may.
                Standing::Unknown => {
                    let sent = tokio::time::timeout(self.limits.connect, &mut sending).await.ok();
                    *standing = match &sent {
                        Some(Err(error)) if Proxy::refused_credentials(error) => Standing::Refused,
                        Some(Err(error)) if error.is_connect() => Standing::Unknown,
                        _ => Standing::Admitted,
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
            *shared.lock().await = Standing::Refused;
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
