//! OAuth 1.0a as RFC 5849 has it, with HMAC-SHA256: pure but for the nonce, and what the shop makes of it otherwise.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

/// The only method that every generation of the shop takes.
const METHOD: &str = "HMAC-SHA256";
/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The four secrets of an integration.
#[derive(Clone)]
pub struct Secrets {
    /// Consumer key, which names the integration.
    pub consumer_key: String,
    /// Consumer secret.
    pub consumer_secret: SecretString,
    /// Access token, which names the grant.
    pub token: String,
    /// Access token secret.
    pub token_secret: SecretString,
}

impl fmt::Debug for Secrets {
    /// Shows nothing: where a shop takes it as a bearer token, the access token alone opens it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets")
    }
}

/// A query that a shop reads in another way than it is signed: it answers that the signature is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// Shops sort numbers by value (until 2.4.7) or brackets after digits (since), the RFC neither.
    #[error("an index of two digits is sorted in another place by the shop")]
    TwoDigitIndex,
    /// Encoded in more than one way.
    #[error("a space is encoded in another way by the shop")]
    Space,
    /// The shop leaves such a pair out.
    #[error("a pair without exactly one equals sign is not signed by the shop")]
    Pair,
    /// The shop keeps the last one only.
    #[error("of a name given twice the shop signs the last one only")]
    Repeated,
}

/// Signs a request and gives the value of its `Authorization` header.
pub fn sign(method: &str, url: &Url, secrets: &Secrets, nonce: &str, timestamp: i64) -> String {
    let timestamp = timestamp.to_string();
    let protocol = [
        ("oauth_consumer_key", secrets.consumer_key.as_str()),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", METHOD),
        ("oauth_timestamp", &timestamp),
        ("oauth_token", &secrets.token),
        ("oauth_version", "1.0"),
    ];
    let signature = signature(&base_string(method, url, &protocol), secrets);
    let signed = protocol
        .into_iter()
        .chain([("oauth_signature", signature.as_str())]);
    let fields: Vec<String> = signed
        .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
        .collect();
    format!("OAuth {}", fields.join(", "))
}

/// Makes a nonce that was never used before, of 32 letters and digits: the shop stores no more.
pub fn nonce() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Gives the text that is signed: method, URL without query, and the sorted arguments of query and protocol.
pub fn base_string(method: &str, url: &Url, protocol: &[(&str, &str)]) -> String {
    let query: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    let protocol = protocol.iter().map(|(name, value)| (encode(name), encode(value)));
    let mut arguments: Vec<(String, String)> = query.into_iter().chain(protocol).collect();
    arguments.sort();
    let arguments: Vec<String> = arguments
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    [&method.to_uppercase(), place.as_str(), &arguments.join("&")]
        .map(encode)
        .join("&")
}

/// Signs a text.
pub fn signature(base_string: &str, secrets: &Secrets) -> String {
    let key = format!(
        "{}&{}",
        encode(secrets.consumer_secret.expose_secret()),
        encode(secrets.token_secret.expose_secret())
    );
    STANDARD.encode(keyed_hash(key.as_bytes(), base_string.as_bytes()))
}

/// Tells what about a query makes shops refuse its signature; such a query must not be sent.
pub fn misread(url: &Url) -> Option<Misread> {
    let pairs: Vec<&str> = url.query()?.split('&').filter(|pair| !pair.is_empty()).collect();
    if pairs.iter().any(|pair| pair.matches('=').count() != 1) {
        return Some(Misread::Pair);
    }
    let mut names = Vec::with_capacity(pairs.len());
    for (name, value) in url.query_pairs() {
        if name.contains(' ') || value.contains(' ') {
            return Some(Misread::Space);
        }
        if has_two_digit_index(&name) {
            return Some(Misread::TwoDigitIndex);
        }
        names.push(name);
    }
    let count = names.len();
    names.sort();
    names.dedup();
    (names.len() < count).then_some(Misread::Repeated)
}

fn has_two_digit_index(name: &str) -> bool {
    name.split(['[', ']'])
        .any(|part| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
fn keyed_hash(key: &[u8], text: &[u8]) -> impl AsRef<[u8]> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
    mac.chain_update(text).finalize().into_bytes()
}

fn encode(text: impl AsRef<str>) -> String {
    utf8_percent_encode(text.as_ref(), RESERVED).to_string()
}
