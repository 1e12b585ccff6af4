//! The signer against requests that a real shop has judged.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use serde::Deserialize;
use stocktake::commerce::oauth::{Misread, Secrets, base_string, misread, nonce, sign, signature};
use url::Url;

#[derive(Deserialize)]
struct Judged {
    consumer_key: String,
    consumer_secret: String,
    token: String,
    token_secret: String,
    vectors: Vec<Vector>,
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

fn vectors() -> Judged {
    serde_json::from_str(include_str!("contract/oauth-vectors.json")).expect("the vectors are JSON")
}

impl Vector {
    fn url(&self) -> Url {
        Url::parse(&self.url).expect("a URL")
    }
}

impl Judged {
    fn secrets(&self) -> Secrets {
        Secrets {
            consumer_key: self.consumer_key.clone(),
            consumer_secret: self.consumer_secret.clone().into(),
            token: self.token.clone(),
            token_secret: self.token_secret.clone().into(),
        }
    }

    fn base_string(&self, vector: &Vector) -> String {
        let timestamp = vector.timestamp.to_string();
        let mut protocol = vec![
            ("oauth_consumer_key", self.consumer_key.as_str()),
            ("oauth_nonce", &vector.nonce),
            ("oauth_signature_method", &vector.signature_method),
            ("oauth_timestamp", &timestamp),
            ("oauth_token", &self.token),
        ];
        if vector.oauth_version_sent {
            protocol.push(("oauth_version", "1.0"));
        }
        base_string(&vector.method, &vector.url(), &protocol)
    }
}

#[test]
fn every_base_string_is_the_recorded_one() {
    let all = vectors();
    assert_eq!(all.vectors.len(), 12);
    for vector in &all.vectors {
        assert_eq!(all.base_string(vector), vector.base_string, "{}", vector.name);
    }
}

#[test]
fn every_signature_is_the_recorded_one() {
    let all = vectors();
    let mut signed = 0;
    for vector in all.vectors.iter().filter(|v| v.signature_method == "HMAC-SHA256") {
        let made = signature(&all.base_string(vector), &all.secrets());
        assert_eq!(made, vector.signature, "{}", vector.name);
        signed += 1;
    }
    assert_eq!(signed, 11);
}

#[test]
fn the_header_carries_all_that_was_signed() {
    let all = vectors();
    let vector = &all.vectors[0];
    let header = sign(
        &vector.method,
        &vector.url(),
        &all.secrets(),
        &vector.nonce,
        vector.timestamp,
    );
    assert_eq!(
        header,
        "OAuth oauth_consumer_key=\"06m7qbl8n8qnyi7cb7ar6ta1xocv7ofx\", \
         oauth_nonce=\"11653c72b51f034769eaf8b5c2b06fb7\", oauth_signature_method=\"HMAC-SHA256\", \
         oauth_timestamp=\"1795406855\", oauth_token=\"7nuslfov4gli0k20vzjhztmnkoiupv28\", \
         oauth_version=\"1.0\", oauth_signature=\"2Kym9iyM8ElsdptLuemxpcwnw5I3p9ytdXe9KRwSMTQ%3D\""
    );
}

#[test]
fn what_the_shop_refused_is_never_sent() {
    let all = vectors();
    let misread: Vec<(&str, Misread)> = all
        .vectors
        .iter()
        .filter_map(|vector| Some((vector.name.as_str(), misread(&vector.url())?)))
        .collect();
    // The recorded shop took the space; 2.4.6 does not.
    assert_eq!(
        misread,
        [
            ("space as %20", Misread::Space),
            ("filter groups 0 to 11 (two-digit index)", Misread::TwoDigitIndex),
        ]
    );
    let refused = all.vectors.iter().filter(|vector| vector.server_status == 401);
    for vector in refused {
        assert!(
            misread.iter().any(|(name, _)| *name == vector.name),
            "{}",
            vector.name
        );
    }
}

#[test]
fn queries_are_told_by_their_shape() {
    for (query, expected) in [
        ("", None),
        ("a[0][b]=1&a[9][b]=1", None),
        ("skus[0]=x&skus[1]=y", None),
        ("size=10&year2026=42", None),
        ("a%5B10%5D=1", Some(Misread::TwoDigitIndex)),
        ("a=b+c", Some(Misread::Space)),
        ("a", Some(Misread::Pair)),
        ("a=b=c", Some(Misread::Pair)),
        ("skus[]=x&skus[]=y", Some(Misread::Repeated)),
    ] {
        let url = Url::parse(&format!("https://shop.example/rest/V1/x?{query}")).expect("a URL");
        assert_eq!(misread(&url), expected, "{query}");
    }
}

#[test]
fn what_rfc_3986_reserves_is_encoded_and_the_default_port_left_out() {
    let url =
        Url::parse("HTTPS://Shop.Example:443/rest/a%2Fb?n=%20%26~*'%C3%BC!()&m=a%2Bb#part").expect("a URL");
    assert_eq!(
        base_string("get", &url, &[("oauth_nonce", "x")]),
        "GET&https%3A%2F%2Fshop.example%2Frest%2Fa%252Fb&\
         m%3Da%252Bb%26n%3D%2520%2526~%252A%2527%25C3%25BC%2521%2528%2529%26oauth_nonce%3Dx"
    );
}

#[test]
fn a_nonce_is_short_plain_and_new() {
    let many: HashSet<String> = (0..1000).map(|_| nonce()).collect();
    assert_eq!(many.len(), 1000);
    for nonce in many {
        assert!(nonce.len() <= 32 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
