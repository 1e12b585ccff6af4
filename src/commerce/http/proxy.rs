//! Proxies of the environment: which one a URL needs, and what it did to a request.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::error::proxy_failure::{ProxyError, ProxyFailure, ProxyFault};

/// Most bytes of a response to `CONNECT` that are read.
const LONGEST_HEAD: u64 = 8 * 1024;

/// The proxies of the environment, selected as the HTTP client does.
#[derive(Debug, Clone)]
pub struct Proxies {
    matcher: Arc<Matcher>,
}

/// The proxy for a URL.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: String,
    origin: &'static str,
    host: String,
    port: u16,
    is_plain: bool,
    credentials: Option<HeaderValue>,
}

/// The state of a proxy's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialState {
    /// No request was sent yet.
    Untried,
    /// The proxy opened a tunnel.
    Accepted,
    /// The proxy refused them; this process does not send them again.
    Refused,
}

/// State by proxy address, for the whole process: its environment holds the credentials.
static CREDENTIAL_STATES: LazyLock<Mutex<HashMap<String, Arc<tokio::sync::Mutex<CredentialState>>>>> =
    LazyLock::new(Mutex::default);

/// Variables for `https` URLs, for all URLs and for none. Of each pair the first that is set counts, as for the HTTP client.
const OF_HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const OF_ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const OF_NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];

impl Proxies {
    /// The proxies of this process's environment.
    pub fn from_env() -> Self {
        Self {
            matcher: Arc::new(Matcher::from_system()),
        }
    }

    /// The proxy for a URL, if there is one. This machine needs none, and other hosts are only asked by TLS.
    pub fn for_url(&self, url: &Url) -> Result<Option<Proxy>, ProxyError> {
        if is_loopback(url) || url.scheme() != "https" {
            return Ok(None);
        }
        let origin = origin(url)?;
        let Some(found) = url
            .as_str()
            .parse()
            .ok()
            .and_then(|uri| self.matcher.intercept(&uri))
        else {
            return Ok(None);
        };
        let host = found.uri().host().unwrap_or_default().to_owned();
        let scheme = found.uri().scheme_str().unwrap_or_default();
        if scheme.starts_with("socks") {
            return Err(ProxyError::Socks(origin));
        }
        let port = found.uri().port_u16();
        let port = port.unwrap_or(if scheme == "https" { 443 } else { 80 });
        Ok(Some(Proxy {
            address: format!("{host}:{port}"),
            origin,
            host,
            port,
            is_plain: scheme == "http",
            credentials: found.basic_auth().cloned(),
        }))
    }
}

/// The variable that names the proxy for a URL. Reports a value that the HTTP client would ignore.
fn origin(url: &Url) -> Result<&'static str, ProxyError> {
    const SYSTEM: &str = "the system's settings";
    let set = |names: [&'static str; 2]| {
        names
            .into_iter()
            .find_map(|name| Some((name, std::env::var(name).ok()?)))
    };
    let none = set(OF_NONE).map(|(_, value)| value).unwrap_or_default();
    let takes = |proxy: &str, none: &str| {
        let matcher = Matcher::builder().https(proxy).no(none).build();
        let found = url.as_str().parse().ok().and_then(|uri| matcher.intercept(&uri));
        // With `@`, `#`, `?` or `/` in a password the client takes part of it as the host, or cuts it.
        found.is_some_and(|found| {
            let is_signed = found.basic_auth().is_some() || found.raw_auth().is_some();
            proxy.matches('@').count() == usize::from(is_signed)
        })
    };
    // In a CGI program `HTTP_PROXY` may come from a request: the client then uses no proxy.
    if !takes("http://proxy.invalid", &none) || std::env::var_os("REQUEST_METHOD").is_some() {
        return Ok(SYSTEM);
    }
    for (name, value) in [OF_HTTPS, OF_ALL].into_iter().filter_map(set) {
        if takes(&value, "") {
            return Ok(name);
        }
        if !value.trim().is_empty() {
            return Err(ProxyError::Unreadable(name));
        }
    }
    Ok(SYSTEM)
}

/// True if a URL names this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} (of {})", self.address, self.origin)
    }
}

impl Proxy {
    /// The state of its credentials, shared by all clients of the process.
    pub(super) fn credential_state(&self) -> Arc<tokio::sync::Mutex<CredentialState>> {
        let mut states = CREDENTIAL_STATES.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states
            .entry(self.address.clone())
            .or_insert_with(|| Arc::new(tokio::sync::Mutex::new(CredentialState::Untried)));
        Arc::clone(state)
    }

    /// The error of this proxy for a fault.
    pub(in crate::commerce) fn failed(&self, fault: ProxyFault) -> ProxyFailure {
        ProxyFailure {
            address: self.address.clone(),
            origin: self.origin,
            fault,
        }
    }

    /// The fault of missing or wrong credentials.
    pub(in crate::commerce) fn wants_password(&self) -> ProxyFault {
        ProxyFault::WantsPassword {
            given: self.credentials.is_some(),
        }
    }

    /// True if an error means that a proxy answered 407.
    pub(in crate::commerce) fn refused_credentials(error: &reqwest::Error) -> bool {
        tunnel_error(error).is_some_and(|what| what == REFUSED_CREDENTIALS)
    }

    /// The fault behind an error; `None` if the proxy is not to blame.
    pub(in crate::commerce) async fn fault(
        &self,
        error: &reqwest::Error,
        url: &Url,
        max_wait: Duration,
    ) -> Option<ProxyFault> {
        match tunnel_error(error)?.as_str() {
            REFUSED_CREDENTIALS => Some(self.wants_password()),
            "failed to create underlying connection" => Some(ProxyFault::Unreachable),
            "unsuccessful" => Some(ProxyFault::Refused {
                status: self.refusal(url, max_wait).await,
            }),
            _ => Some(ProxyFault::HungUp),
        }
    }

    /// The status with which it refuses a tunnel. The HTTP client does not report it, so the proxy is asked once more; not if it
    /// speaks TLS.
    async fn refusal(&self, url: &Url, max_wait: Duration) -> Option<u16> {
        let status = tokio::time::timeout(max_wait, self.connect_status(url)).await;
        let status = status.ok()?.ok()??;
        (status >= 300).then_some(status)
    }

    async fn connect_status(&self, url: &Url) -> std::io::Result<Option<u16>> {
        if !self.is_plain {
            return Ok(None);
        }
        let server = format!(
            "{}:{}",
            url.host_str().unwrap_or_default(),
            url.port_or_known_default().unwrap_or(443)
        );
        let mut request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n").into_bytes();
        if let Some(credentials) = &self.credentials {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(credentials.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let mut stream = TcpStream::connect((self.host.trim_matches(['[', ']']), self.port)).await?;
        stream.write_all(&request).await?;
        let mut head = Vec::new();
        let mut stream = stream.take(LONGEST_HEAD);
        while !head.contains(&b'\n') {
            if stream.read_buf(&mut head).await? == 0 {
                break;
            }
        }
        Ok(status(&head))
    }
}

/// The HTTP client's name for a 407.
const REFUSED_CREDENTIALS: &str = "proxy authorization required";

/// The status in the first line of a response.
fn status(head: &[u8]) -> Option<u16> {
    let head = String::from_utf8_lossy(head);
    let mut words = head.lines().next()?.split_whitespace();
    let version = words.next()?;
    let status = words.next()?.parse().ok()?;
    (version.starts_with("HTTP/1.") && (100..600).contains(&status)).then_some(status)
}

/// The error while a tunnel was set up. The HTTP client's own type for it is not public.
fn tunnel_error(error: &reqwest::Error) -> Option<String> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(what) = error.to_string().strip_prefix("tunnel error: ") {
            return Some(what.to_owned());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::status;

    #[test]
    fn the_status_of_a_response_is_read_from_its_first_line() {
        assert_eq!(status(b"HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\n"), Some(403));
        assert_eq!(status(b"HTTP/1.0 503\r\n"), Some(503));
        for odd in [
            b"".as_slice(),
            b"HTTP/1.1\r\n",
            b"HTTP/1.1 99\r\n",
            b"SSH-2.0-x 403\r\n",
            b"\xff\xfe 403",
        ] {
            assert_eq!(status(odd), None);
        }
    }
}
