//! The signer against the recorded shop's verdicts: every base string and signature to the letter.

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde::Deserialize;
use stocktake::commerce::oauth::{Secrets, base_string, refused_query, sign, signature, signing_key};
use url::Url;

#[derive(Deserialize)]
struct Vectors {
    consumer_key: String,
    consumer_secret: String,
    token: String,
    token_secret: String,
    #[serde(rename = "vectors")]
    calls: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    url: String,
    nonce: String,
    timestamp: i64,
    signature_method: String,
    oauth_version_sent: bool,
    base_string: String,
    signature: String,
    server_status: u16,
}

impl Vector {
    fn url(&self) -> Url {
        self.url.parse().unwrap()
    }
}

fn vectors() -> (Secrets, Vec<Vector>) {
    let read: Vectors = serde_json::from_str(include_str!(
        "../../crates/commerce-sandbox/contract/2.4.1/oauth-vectors.json"
    ))
    .unwrap();
    let secrets = Secrets {
        consumer_key: read.consumer_key,
        consumer_secret: read.consumer_secret.into(),
        token: read.token.into(),
        token_secret: read.token_secret.into(),
    };
    (secrets, read.calls)
}

#[test]
fn every_vector_is_reproduced_to_the_letter() {
    let (secrets, vectors) = vectors();
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let timestamp = vector.timestamp.to_string();
        let mut own = vec![
            ("oauth_consumer_key", secrets.consumer_key.as_str()),
            ("oauth_nonce", vector.nonce.as_str()),
            ("oauth_signature_method", vector.signature_method.as_str()),
            ("oauth_timestamp", timestamp.as_str()),
            ("oauth_token", secrets.token.expose_secret()),
        ];
        if vector.oauth_version_sent {
            own.push(("oauth_version", "1.0"));
        }
        let base = base_string(&vector.method, &vector.url(), &own);
        assert_eq!(base, vector.base_string, "{}", vector.name);
        let signed = match vector.signature_method.as_str() {
            "HMAC-SHA256" => signature(&base, &secrets),
            // The client signs with SHA-256 alone; that the rest is right shows with SHA-1 too.
            "HMAC-SHA1" => {
                let key = signing_key(&secrets);
                let mut mac = Hmac::<sha1::Sha1>::new_from_slice(key.expose_secret().as_bytes()).unwrap();
                mac.update(base.as_bytes());
                base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
            }
            other => panic!("{other}"),
        };
        assert_eq!(signed, vector.signature, "{}", vector.name);
    }
}

#[test]
fn the_header_carries_what_was_signed() {
    let (secrets, vectors) = vectors();
    let whole = |vector: &&Vector| vector.signature_method == "HMAC-SHA256" && vector.oauth_version_sent;
    for vector in vectors.iter().filter(whole) {
        let header = sign(
            &vector.method,
            &vector.url(),
            &secrets,
            &vector.nonce,
            vector.timestamp,
        );
        let signature = vector
            .signature
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        assert!(header.starts_with("OAuth oauth_consumer_key=\""), "{header}");
        assert!(
            header.ends_with(&format!("oauth_signature=\"{signature}\"")),
            "{}: {header}",
            vector.name
        );
        assert!(!header.contains(secrets.consumer_secret.expose_secret()));
        assert!(!header.contains(secrets.token_secret.expose_secret()));
    }
}

/// What the shop refused is what the client never sends, and nothing that it took is called refused but for the one
/// shape that a later version refuses.
#[test]
fn the_shapes_that_the_shop_refuses_are_known() {
    for vector in vectors().1 {
        let refused = refused_query(vector.url().query().unwrap_or_default());
        match vector.name.as_str() {
            "space as %20" => assert_eq!(refused, Some("values with spaces were refused in 2.4.6")),
            _ => assert_eq!(refused.is_some(), vector.server_status == 401, "{}", vector.name),
        }
    }
    assert!(refused_query("a").is_some());
    assert!(refused_query("a=b=c").is_some());
    assert!(refused_query("a[10]=b").is_some());
    assert!(refused_query("a[]=1&a[]=2").is_some());
    assert!(refused_query("").is_none());
}
