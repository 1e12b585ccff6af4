//! Errors while a connection is set up, before any request is sent.

use url::Url;

use super::proxy_failure::ProxyError;

/// Why a connection to a target cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// A credential has characters that an HTTP header does not allow.
    #[error("the {0} has characters that cannot stand in an HTTP header; check for line breaks and quotes")]
    Header(String),
    /// The user for HTTP Basic has a colon.
    #[error("the user of `connection.basic` has a colon, which HTTP Basic does not allow")]
    BasicUser,
    /// The base URL cannot take a path.
    #[error("{0} cannot be a base URL")]
    BaseUrl(Url),
    /// The certificates cannot be read.
    #[error("the {0} is not a valid PEM file, or lacks what it must hold")]
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
