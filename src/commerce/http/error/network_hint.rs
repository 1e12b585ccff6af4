//! Hints for requests without a response: TLS, proxies, the network.

use std::error::Error;
use std::fmt::Display;

use super::proxy_failure::{ProxyFailure, ProxyFault};

/// The hint when a server closes the first TLS connection without a response: its TLS alert may have been lost.
pub fn first_connection() -> String {
    "if the server asks for a client certificate, name one by `client_certificate`".to_owned()
}

/// The hint that a request without a response went through a proxy.
pub fn through(proxy: &impl Display) -> String {
    format!("the request goes through {proxy}; to connect directly, list the host in NO_PROXY")
}

/// The hint for a proxy that did not pass a request on.
pub fn at_proxy(proxy: &ProxyFailure, source: Option<&reqwest::Error>) -> String {
    let origin = proxy.origin;
    match proxy.fault {
        ProxyFault::WantsPassword { given: true } => format!(
            "check the user and the password in {origin}, special characters as %XX; they are not sent again, since some \
             refusals lock an account. stocktake signs in at proxies by Basic only"
        ),
        ProxyFault::WantsPassword { given: false } => {
            format!("name them in {origin}: http://USER:PASSWORD@HOST:PORT, special characters as %XX")
        }
        ProxyFault::Refused {
            status: Some(500 | 502..=504),
        } => {
            format!("the proxy (of {origin}) cannot reach the server: check the URL, and that the shop is up")
        }
        ProxyFault::Refused { .. } => format!(
            "have the proxy (of {origin}) let this machine CONNECT to the server, or name the server's host in NO_PROXY"
        ),
        ProxyFault::HungUp => {
            format!(
                "check that {origin} names a proxy that accepts CONNECT, and whether by http:// or https://"
            )
        }
        ProxyFault::Unreachable => {
            let why = source.map_or("it cannot be reached", why_unreachable);
            format!("check {origin}: {why}; to connect without a proxy, list the host in NO_PROXY")
        }
    }
}

/// The reason why a proxy cannot be reached.
fn why_unreachable(error: &reqwest::Error) -> &'static str {
    let causes = chain(error).join("\n");
    if causes.contains("dns error") || causes.contains("failed to lookup") {
        "its host name is unknown"
    } else if causes.contains("certificate") {
        "its certificate is not trusted; `ca_file` names a private authority"
    } else if causes.contains("InvalidContentType") || causes.contains("corrupt message") {
        "it does not speak TLS: the right scheme may be http://"
    } else if causes.contains("Connection refused") {
        "nothing listens there"
    } else {
        "it cannot be reached"
    }
}

/// The hint for a request without a response.
pub fn network(error: &reqwest::Error, never_sent: bool, is_write: bool) -> Option<&'static str> {
    let causes = chain(error);
    let said = |words: &[&str]| {
        causes
            .iter()
            .any(|cause| words.iter().any(|word| cause.contains(word)))
    };
    Some(if said(&["dns error", "failed to lookup"]) {
        "the host name is unknown: check the URL and this machine's DNS"
    } else if said(&[
        "UnknownIssuer",
        "unknown issuer",
        "BadSignature",
        "self-signed",
        "SelfSigned",
    ]) {
        "no authority that this machine trusts has signed the certificate: name a private one by `ca_file`"
    } else if said(&["NotValidForName", "not valid for name"]) {
        "the certificate is for another host name: use the name that it is for"
    } else if said(&["Expired", "expired", "NotValidYet", "not valid yet"]) {
        "the certificate is out of date, or this machine's clock is wrong"
    } else if said(&["CertificateRequired", "certificate required", "BadCertificate"]) {
        "the server asks for a client certificate: name one by `client_certificate`"
    } else if said(&["invalid peer certificate"]) {
        "the server's certificate is not acceptable"
    } else if said(&["Connection refused"]) {
        "nothing listens there: check the URL's host and port, and that the shop is up"
    } else if said(&["InvalidContentType", "wrong version number", "corrupt message"]) {
        "the server does not speak TLS there: check the URL's scheme and port"
    } else if never_sent {
        "check the URL, the network, proxies in the environment, and that the shop is up"
    } else if is_write {
        "the server may have carried out the request all the same; the next run finds out by reading"
    } else {
        return None;
    })
}

/// The messages of an error and its causes.
fn chain(error: &dyn Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        causes.push(error.to_string());
        next = error.source();
    }
    causes
}
