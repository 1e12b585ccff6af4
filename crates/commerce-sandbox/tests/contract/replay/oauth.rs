//! Signs the steps of a recording whose header is not recorded, as their names say.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

/// A key or token that nobody has.
const NOBODY: &str = "00000000000000000000000000000000";

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The name of a step whose header was sent before.
pub const REPLAYED: &str = "OAuth nonce replayed";

/// What is odd about a signed request.
#[derive(Default)]
struct Oddity {
    method: Option<&'static str>,
    /// Seconds from now.
    ahead: i64,
    nonce: Option<String>,
    wrong_signature: bool,
    unknown: Option<&'static str>,
    without: Option<&'static str>,
}

/// Reads what the name of a step says about its header.
fn oddity(step: &str) -> Oddity {
    let plain = Oddity::default();
    match step {
        "OAuth bad signature" => Oddity {
            wrong_signature: true,
            ..plain
        },
        "OAuth timestamp 11 minutes in the past" => Oddity { ahead: -660, ..plain },
        "OAuth timestamp 11 minutes ahead" => Oddity { ahead: 660, ..plain },
        "OAuth short nonce" => Oddity {
            nonce: Some(nonce()[..8].to_owned()),
            ..plain
        },
        "OAuth unknown consumer" => Oddity {
            unknown: Some("oauth_consumer_key"),
            ..plain
        },
        "OAuth unknown token" => Oddity {
            unknown: Some("oauth_token"),
            ..plain
        },
        "OAuth without oauth_token" => Oddity {
            without: Some("oauth_token"),
            ..plain
        },
        "OAuth without oauth_nonce" => Oddity {
            without: Some("oauth_nonce"),
            ..plain
        },
        REPLAYED | "OAuth signed POST (json body not signed)" | "OAuth, integration without the resource" => {
            plain
        }
        _ => {
            let method = ["HMAC-SHA256", "HMAC-SHA1", "PLAINTEXT", "RSA-SHA1"]
                .into_iter()
                .find(|method| step.starts_with(&format!("OAuth 1.0a {method}, ")));
            assert!(method.is_some(), "{step}: nothing is known of its header");
            Oddity { method, ..plain }
        }
    }
}

/// Gives the header of a step, signed with the secrets of an integration.
pub fn header(step: &str, integration: &Value, method: &str, url: &str) -> String {
    let oddity = oddity(step);
    let text = |name: &str| integration[name].as_str().expect("a secret is text");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is after 1970")
        .as_secs();
    let timestamp = now.checked_add_signed(oddity.ahead).expect("a time").to_string();
    let nonce = oddity.nonce.unwrap_or_else(nonce);
    let signed_by = oddity.method.unwrap_or("HMAC-SHA256");
    let mut fields = vec![
        ("oauth_consumer_key", text("consumer_key")),
        ("oauth_nonce", &nonce),
        ("oauth_signature_method", signed_by),
        ("oauth_timestamp", &timestamp),
        ("oauth_version", "1.0"),
        ("oauth_token", text("token")),
    ];
    fields.retain(|(name, _)| Some(*name) != oddity.without);
    for (_, value) in fields
        .iter_mut()
        .filter(|(name, _)| Some(*name) == oddity.unknown)
    {
        *value = NOBODY;
    }
    let base = base_string(method, &Url::parse(url).expect("a URL"), &fields);
    let key = format!("{}&{}", text("consumer_secret"), text("token_secret"));
    let signature = match signed_by {
        _ if oddity.wrong_signature => STANDARD.encode([0; 32]),
        "HMAC-SHA256" => keyed_hash::<Hmac<Sha256>>(&key, &base),
        "HMAC-SHA1" => keyed_hash::<Hmac<Sha1>>(&key, &base),
        // The plain text is what it is; for the other there is no key, and none is looked at.
        _ => key,
    };
    fields.push(("oauth_signature", &signature));
    let mut header = "OAuth ".to_owned();
    for (name, value) in fields {
        write!(header, "{name}=\"{}\", ", encode(value)).expect("a String takes every write");
    }
    header.trim_end_matches(", ").to_owned()
}

fn nonce() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Gives the text to sign (RFC 5849, section 3.4.1).
fn base_string(method: &str, url: &Url, fields: &[(&str, &str)]) -> String {
    let place = &url[..url::Position::AfterPath];
    let mut arguments: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (encode(&name), encode(&value)))
        .chain(fields.iter().map(|(name, value)| (encode(name), encode(value))))
        .collect();
    arguments.sort();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    [method, place, &arguments.join("&")].map(encode).join("&")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn keyed_hash<M: Mac + KeyInit>(key: &str, text: &str) -> String {
    let mac = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("any key will do");
    STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}
