//! Proxies between this machine and a server: which one the environment names for an address, and what it did to a request.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

/// No head of an answer to a `CONNECT` is longer, in bytes.
const LONGEST_HEAD: u64 = 8 * 1024;

/// Why what the environment names cannot be used as a proxy. It never quotes the value, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// The value is no URL of a proxy. The HTTP client would pass over it in silence, and ask without a proxy.
    #[error(
        "{0} is not the URL of a proxy: write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters of the \
         user and the password as %XX (`@` as %40, `#` as %23, `/` as %2F)"
    )]
    Unreadable(&'static str),
    /// The proxy speaks SOCKS.
    #[error(
        "the proxy of {0} speaks SOCKS, which stocktake does not: name an http proxy, or the shop's host in NO_PROXY"
    )]
    Socks(&'static str),
}

/// What a proxy did in place of passing a request on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFault {
    /// It answered 407: it wants a user and a password, or others than those that it got.
    WantsPassword {
        /// Whether the environment names a user.
        given: bool,
    },
    /// It refused to open the way.
    Refused {
        /// The HTTP status, where it could be had.
        status: Option<u16>,
    },
    /// It ended the connection without an answer.
    HungUp,
    /// There is no connection to it.
    Unreachable,
}

impl ProxyFault {
    /// Whether the same request may well succeed a little later. A refused password is never sent again: some refusals lock
    /// an account.
    pub fn is_transient(self) -> bool {
        match self {
            Self::WantsPassword { .. } => false,
            Self::Refused { status } => {
                status.is_none_or(|status| matches!(status, 408 | 429 | 500 | 502..=504))
            }
            Self::HungUp | Self::Unreachable => true,
        }
    }
}

/// A proxy and what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyFailure {
    /// Its host and port.
    pub address: String,
    /// Where it is named.
    pub origin: &'static str,
    /// What it did.
    pub fault: ProxyFault,
}

impl fmt::Display for ProxyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.address;
        match self.fault {
            ProxyFault::WantsPassword { given: true } => {
                write!(f, "the proxy {address} wants another user or password (407)")
            }
            ProxyFault::WantsPassword { given: false } => {
                write!(f, "the proxy {address} wants a user and a password (407)")
            }
            ProxyFault::Refused { status: Some(status) } => {
                write!(
                    f,
                    "the proxy {address} does not let the request through ({status})"
                )
            }
            ProxyFault::Refused { status: None } => {
                write!(f, "the proxy {address} does not let the request through")
            }
            ProxyFault::HungUp => write!(f, "the proxy {address} ended the connection without an answer"),
            ProxyFault::Unreachable => write!(f, "no connection to the proxy {address}"),
        }
    }
}

/// The proxies that the environment names, chosen as the HTTP client chooses them.
#[derive(Debug, Clone)]
pub struct Proxies {
    matcher: Arc<Matcher>,
}

/// A proxy that requests to an address go through.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: String,
    origin: &'static str,
    host: String,
    port: u16,
    is_plain: bool,
    credentials: Option<HeaderValue>,
}

/// Whether a proxy takes the credentials that the environment names for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commerce) enum Standing {
    /// It was not asked yet.
    Unknown,
    /// It opened a way.
    Admitted,
    /// It refused the credentials; no client of this process sends them again.
    Refused,
}

/// The standing with each proxy, by its address: the credentials are those of the process's environment.
static STANDINGS: LazyLock<Mutex<HashMap<String, Arc<tokio::sync::Mutex<Standing>>>>> =
    LazyLock::new(Mutex::default);

/// The variables that name the proxy of `https` addresses, and those that name the proxy of all, as the client reads them:
/// of each pair the first that is set.
const OF_HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const OF_ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const OF_NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];

impl Proxies {
    /// Those of this process's environment.
    pub fn from_env() -> Self {
        Self {
            matcher: Arc::new(Matcher::from_system()),
        }
    }

    /// The proxy that a request to an address goes through, if there is one. This machine is asked without any, and no other
    /// address is asked without TLS.
    pub fn of(&self, url: &Url) -> Result<Option<Proxy>, ProxyError> {
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

/// Where the proxy of an address is named. The client passes over a value that it cannot read.
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
        // With an `@`, `#`, `?` or `/` in the password the client takes a part of it for the host, or sends the rest alone.
        found.is_some_and(|found| {
            let is_signed = found.basic_auth().is_some() || found.raw_auth().is_some();
            proxy.matches('@').count() == usize::from(is_signed)
        })
    };
    // In a CGI program `HTTP_PROXY` may come from a request: the client takes no proxy there.
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

/// Whether an address leads to this machine.
pub(in crate::commerce) fn is_loopback(url: &Url) -> bool {
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
    /// The standing with it, shared by all clients of the process.
    pub(in crate::commerce) fn standing(&self) -> Arc<tokio::sync::Mutex<Standing>> {
        let mut standings = STANDINGS.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = standings
            .entry(self.address.clone())
            .or_insert_with(|| Arc::new(tokio::sync::Mutex::new(Standing::Unknown)));
        Arc::clone(standing)
    }

    /// Says what it did.
    pub(in crate::commerce) fn failed(&self, fault: ProxyFault) -> ProxyFailure {
        ProxyFailure {
            address: self.address.clone(),
            origin: self.origin,
            fault,
        }
    }

    /// That it does not take the credentials.
    pub(in crate::commerce) fn wants_password(&self) -> ProxyFault {
        ProxyFault::WantsPassword {
            given: self.credentials.is_some(),
        }
    }

    /// Whether a proxy answered 407 to what failed so.
    pub(in crate::commerce) fn refused_credentials(error: &reqwest::Error) -> bool {
        tunnel_error(error).is_some_and(|what| what == REFUSED_CREDENTIALS)
    }

    /// What it did to a request that failed so; `None` when the failure lies behind it.
    pub(in crate::commerce) async fn fault(
        &self,
        error: &reqwest::Error,
        url: &Url,
        patience: Duration,
    ) -> Option<ProxyFault> {
        match tunnel_error(error)?.as_str() {
            REFUSED_CREDENTIALS => Some(self.wants_password()),
            "failed to create underlying connection" => Some(ProxyFault::Unreachable),
            "unsuccessful" => Some(ProxyFault::Refused {
                status: self.refusal(url, patience).await,
            }),
            _ => Some(ProxyFault::HungUp),
        }
    }

    /// The status with which it refuses the way to a server, which the HTTP client does not tell: it is asked once more, in
    /// the same words. Over TLS that is not done.
    async fn refusal(&self, url: &Url, patience: Duration) -> Option<u16> {
        let asked = tokio::time::timeout(patience, self.ask(url)).await;
        let status = asked.ok()?.ok()??;
        (status >= 300).then_some(status)
    }

    async fn ask(&self, url: &Url) -> std::io::Result<Option<u16>> {
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

/// How the HTTP client names a 407.
const REFUSED_CREDENTIALS: &str = "proxy authorization required";

/// The status in the first line of an answer.
fn status(head: &[u8]) -> Option<u16> {
    let head = String::from_utf8_lossy(head);
    let mut words = head.lines().next()?.split_whitespace();
    let version = words.next()?;
    let status = words.next()?.parse().ok()?;
    (version.starts_with("HTTP/1.") && (100..600).contains(&status)).then_some(status)
}

/// What went wrong before a tunnel stood. The HTTP client's own type for it has no public name.
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
    fn the_status_of_an_answer_is_read_from_its_first_line() {
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
