//! Signs a request with the four secrets of an integration.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha1::Sha1;
use stocktake::commerce::oauth::{Secrets, base_string, nonce, sign};
use url::Url;

fn text(integration: &Value, name: &str) -> String {
    integration[name].as_str().expect("a secret is text").to_owned()
}

/// Gives the secrets of an integration.
pub fn secrets(integration: &Value) -> Secrets {
    Secrets {
        consumer_key: text(integration, "consumer_key"),
        consumer_secret: text(integration, "consumer_secret").into(),
        token: text(integration, "token").into(),
        token_secret: text(integration, "token_secret").into(),
    }
}

/// Signs as the client does.
pub fn by_sha256(secrets: &Secrets, method: &str, url: &str, timestamp: i64) -> String {
    sign(
        method,
        &Url::parse(url).expect("a URL"),
        secrets,
        &nonce(),
        timestamp,
    )
}

/// Signs as clients did before.
pub fn by_sha1(integration: &Value, method: &str, url: &str, timestamp: i64) -> String {
    let (key, token, nonce) = (
        text(integration, "consumer_key"),
        text(integration, "token"),
        nonce(),
    );
    let timestamp = timestamp.to_string();
    let fields = [
        ("oauth_consumer_key", key.as_str()),
        ("oauth_nonce", &nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &timestamp),
        ("oauth_token", &token),
    ];
    let base = base_string(method, &Url::parse(url).expect("a URL"), &fields);
    let secrets = [
        text(integration, "consumer_secret"),
        text(integration, "token_secret"),
    ]
    .join("&");
    let mac = Hmac::<Sha1>::new_from_slice(secrets.as_bytes()).expect("any key will do");
    let signature = STANDARD.encode(mac.chain_update(base).finalize().into_bytes());
    header(&fields, &signature)
}

/// Puts fields and a signature into a header.
pub fn header(fields: &[(&str, &str)], signature: &str) -> String {
    let signature = signature
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("OAuth {}, oauth_signature=\"{signature}\"", fields.join(", "))
}
