//! Errors of proxies: one that cannot be used, and one that does not pass a request on.

use std::fmt;

/// Why a proxy of the environment cannot be used. The message never quotes the value: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// The value is not the URL of a proxy. The HTTP client would silently ignore it and connect directly.
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

/// A fault of a proxy, which did not pass a request on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFault {
    /// It answered 407: credentials are missing or wrong.
    WantsPassword {
        /// True if the environment names a user.
        given: bool,
    },
    /// It refused to open a tunnel.
    Refused {
        /// The HTTP status, if known.
        status: Option<u16>,
    },
    /// It closed the connection without a response.
    HungUp,
    /// It cannot be reached.
    Unreachable,
}

impl ProxyFault {
    /// True if the same request may succeed a little later. A refused password is never sent again: repeated refusals may lock
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

/// A proxy and its fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyFailure {
    /// Its host and port.
    pub address: String,
    /// The variable or setting that names it.
    pub origin: &'static str,
    /// Its fault.
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
