//! OAuth 1.0a: signs a request with an integration's four secrets. Pure: nonce and time are parameters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use url::Url;

use crate::commerce::http::percent::encode;

/// The only signature method that every version accepts: since 2.4.4 HMAC-SHA1 is refused too, others were before (01-211, 01-214).
pub const METHOD: &str = "HMAC-SHA256";

/// The four secrets of an integration.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The consumer key; not secret by itself.
    pub consumer_key: String,
    /// The consumer's secret.
    pub consumer_secret: SecretString,
    /// The access token.
    pub token: SecretString,
    /// The access token's secret.
    pub token_secret: SecretString,
}

/// Signs a request; returns the value of its `Authorization` header.
///
/// `nonce` must be new for each attempt, with at most 32 alphanumerics: the width of the server's column. `timestamp` is in
/// seconds since 1970, at most 600 s ahead of the server (01-219); an older one is accepted (01-218).
pub fn sign(method: &str, url: &Url, secrets: &Secrets, nonce: &str, timestamp: i64) -> String {
    let timestamp = timestamp.to_string();
    let own = [
        ("oauth_consumer_key", secrets.consumer_key.as_str()),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", METHOD),
        ("oauth_timestamp", &timestamp),
        ("oauth_token", secrets.token.expose_secret()),
        ("oauth_version", "1.0"),
    ];
    let signature = signature(&base_string(method, url, &own), secrets);
    let signed = ("oauth_signature", signature.as_str());
    let fields = own.iter().chain(std::iter::once(&signed));
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
        .collect();
    format!("OAuth {}", fields.join(","))
}

/// A new nonce of 32 hexadecimal digits, the width of the server's column.
#[must_use]
pub fn nonce() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The signed text: method, URL and all parameters. The server does not sign the body.
pub fn base_string(method: &str, url: &Url, own: &[(&str, &str)]) -> String {
    let mut parameters: Vec<(String, String)> = own
        .iter()
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    parameters.extend(query(url));
    parameters.sort();
    let parameters: Vec<String> = parameters
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut address = url.clone();
    address.set_query(None);
    address.set_fragment(None);
    [
        encode(method),
        encode(address.as_str()),
        encode(&parameters.join("&")),
    ]
    .join("&")
}

/// The signature of a base string, in base64.
pub fn signature(base: &str, secrets: &Secrets) -> String {
    let key = signing_key(secrets);
    // Never fails: an HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else {
        return String::new();
    };
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The signing key: both secrets, encoded.
pub fn signing_key(secrets: &Secrets) -> SecretString {
    let parts =
        [&secrets.consumer_secret, &secrets.token_secret].map(|secret| encode(secret.expose_secret()));
    parts.join("&").into()
}

/// Why the shop refuses even a correct signature of a request with that query; `None` if it accepts it. Tests check that the
/// client builds no such query. Versions sort the parameters of a query differently before they check a signature.
pub fn refused_query(query: &str) -> Option<&'static str> {
    let mut names = std::collections::HashSet::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        if pair.matches('=').count() != 1 {
            return Some("each pair has exactly one `=`");
        }
        let pair = percent_decode_str(pair).decode_utf8_lossy();
        if pair.contains([' ', '+']) {
            return Some("values with spaces were refused in 2.4.6");
        }
        let name = pair.split('=').next().unwrap_or_default();
        if !names.insert(name.to_owned()) {
            return Some("of a repeated name the shop signs the last alone");
        }
        let index = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_digit());
        if name.split(['[', ']']).any(index) {
            return Some("indexes of two digits are sorted differently there");
        }
    }
    None
}

fn query(url: &Url) -> Vec<(String, String)> {
    let decoded = |text: &str| encode(&percent_decode_str(text).decode_utf8_lossy());
    url.query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
