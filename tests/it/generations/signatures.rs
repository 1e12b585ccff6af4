//! Signed requests: a real shop's verdicts, and what the generations take.

use commerce_sandbox::Profile;
use serde::Deserialize;
use serde_json::{Value, json};

use super::proof::{by_sha1, by_sha256, header, secrets};
use super::{CLI, baseline, demo, read};
use testkit::shop::Shop;

const SOURCES: &str = "/rest/V1/inventory/sources/default";

#[derive(Deserialize)]
struct Judged {
    consumer_key: String,
    token: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    url: String,
    body: Option<Value>,
    nonce: String,
    timestamp: i64,
    signature_method: String,
    oauth_version_sent: bool,
    signature: String,
    server_status: u16,
    server_message: Option<String>,
}

fn judged() -> Judged {
    serde_json::from_str(include_str!(
        "../../../crates/commerce-sandbox/contract/2.4.1/oauth-vectors.json"
    ))
    .expect("the vectors are JSON")
}

/// Moves the shop's clock to a time.
fn set_clock(shop: &mut Shop, time: i64) {
    let now = now(shop);
    shop.control("clock", &json!({ "advance_seconds": time - now }));
}

fn now(shop: &mut Shop) -> i64 {
    shop.control("clock", &json!({ "advance_seconds": 0 }))["now"]
        .as_i64()
        .expect("a time")
}

impl Judged {
    fn send(&self, shop: &Shop, vector: &Vector) -> (u16, Value) {
        let timestamp = vector.timestamp.to_string();
        let mut fields = vec![
            ("oauth_consumer_key", self.consumer_key.as_str()),
            ("oauth_nonce", &vector.nonce),
            ("oauth_signature_method", &vector.signature_method),
            ("oauth_timestamp", &timestamp),
            ("oauth_token", &self.token),
        ];
        if vector.oauth_version_sent {
            fields.push(("oauth_version", "1.0"));
        }
        let target = vector
            .url
            .strip_prefix("http://127.0.0.1:8082")
            .expect("the recorded shop");
        let headers = vec![
            ("Host", "127.0.0.1:8082".to_owned()),
            ("Authorization", header(&fields, &vector.signature)),
        ];
        read(&shop.ask(&vector.method, target, headers, vector.body.as_ref()))
    }
}

#[test]
fn every_vector_gets_the_verdict_of_the_real_shop() {
    let mut shop = baseline(Profile::V2_4_1);
    let all = judged();
    for vector in &all.vectors {
        set_clock(&mut shop, vector.timestamp);
        let (status, body) = all.send(&shop, vector);
        assert_eq!(status, vector.server_status, "{}: {body}", vector.name);
        if let Some(message) = &vector.server_message {
            let expected: Value = serde_json::from_str(message).expect("a message is JSON");
            assert_eq!(body, expected, "{}", vector.name);
        }
    }
}

#[test]
fn later_shops_differ_in_the_method_only() {
    let mut shop = baseline(Profile::V2_4_8);
    let all = judged();
    for vector in &all.vectors {
        set_clock(&mut shop, vector.timestamp);
        let (status, body) = all.send(&shop, vector);
        let expected = if vector.signature_method == "HMAC-SHA1" {
            400
        } else {
            vector.server_status
        };
        assert_eq!(status, expected, "{}: {body}", vector.name);
    }
}

#[test]
fn a_nonce_counts_once() {
    let mut shop = baseline(Profile::V2_4_1);
    let all = judged();
    set_clock(&mut shop, all.vectors[0].timestamp);
    assert_eq!(all.send(&shop, &all.vectors[0]).0, 200);
    assert_eq!(
        all.send(&shop, &all.vectors[0]),
        (
            401,
            json!({ "message": "The nonce is already being used by the consumer with ID %1", "parameters": ["1"] })
        )
    );
}

#[test]
fn a_clock_that_is_behind_is_taken_and_one_that_is_ahead_is_not() {
    let mut shop = demo(Profile::V2_4_8);
    let secrets = secrets(&shop.integration(CLI));
    let url = format!("http://{}{SOURCES}", shop.address);
    let now = now(&mut shop);
    for (timestamp, expected) in [(now - 86_400, 200), (now + 590, 200), (now + 660, 401)] {
        let headers = vec![("Authorization", by_sha256(&secrets, "GET", &url, timestamp))];
        let (status, body) = read(&shop.ask("GET", SOURCES, headers, None));
        assert_eq!(status, expected, "{timestamp}: {body}");
    }
}

#[test]
fn who_signs_must_be_known() {
    let mut shop = baseline(Profile::V2_4_1);
    let (full, link) = (shop.integration("int_full"), shop.integration("int_link"));
    let url = format!("http://{}{SOURCES}", shop.address);
    let now = now(&mut shop);
    let strange = "0".repeat(32);
    for (name, value, message) in [
        (
            "consumer_key",
            strange.as_str(),
            "A consumer having the specified key does not exist",
        ),
        ("token", &strange, "Specified token does not exist"),
        (
            "token",
            link["token"].as_str().expect("a token"),
            "Token is not associated with the specified consumer",
        ),
        (
            "token_secret",
            &strange,
            "The signature is invalid. Verify and try again.",
        ),
    ] {
        let mut signer = full.clone();
        signer[name] = value.into();
        let headers = vec![("Authorization", by_sha256(&secrets(&signer), "GET", &url, now))];
        let answer = read(&shop.ask("GET", SOURCES, headers, None));
        assert_eq!(answer, (401, json!({ "message": message })));
    }
}

#[test]
fn a_signature_grants_what_its_integration_was_granted() {
    let mut shop = baseline(Profile::V2_4_4);
    let secrets = secrets(&shop.integration("int_link"));
    let now = now(&mut shop);
    for (path, expected) in [("stocks/1", 200), ("stock-resolver/website/base", 401)] {
        let path = format!("/rest/V1/inventory/{path}");
        let url = format!("http://{}{path}", shop.address);
        let headers = vec![("Authorization", by_sha256(&secrets, "GET", &url, now))];
        assert_eq!(shop.ask("GET", &path, headers, None).status, expected, "{path}");
    }
}

#[test]
fn the_older_method_ends_with_2_4_4() {
    for profile in Profile::ALL
        .into_iter()
        .filter(|profile| *profile != Profile::Saas)
    {
        let mut shop = demo(profile);
        let now = now(&mut shop);
        let url = format!("http://{}{SOURCES}", shop.address);
        let headers = vec![("Authorization", by_sha1(&shop.integration(CLI), "GET", &url, now))];
        let (status, body) = read(&shop.ask("GET", SOURCES, headers, None));
        if profile < Profile::V2_4_4 {
            assert_eq!(status, 200, "{profile}: {body}");
        } else {
            let refusal =
                json!({ "message": "Signature method %1 is not supported", "parameters": ["HMAC-SHA1"] });
            assert_eq!((status, body), (400, refusal), "{profile}");
        }
    }
}

#[test]
fn indexes_of_two_digits_are_sorted_in_ways_of_their_own() {
    for (profile, query, expected) in [
        (Profile::V2_4_7, "a[1]=x&a[10]=y", 200),
        (Profile::V2_4_8, "a[1]=x&a[10]=y", 401),
        (Profile::V2_4_7, "a[2]=x&a[10]=y", 401),
        (Profile::V2_4_8, "a[2]=x&a[10]=y", 200),
        (Profile::V2_4_7, "a[1]=x&a[9]=y", 200),
        (Profile::V2_4_8, "a[1]=x&a[9]=y", 200),
        (Profile::V2_4_8, "a=x&b", 401),
        (Profile::V2_4_8, "a[]=x&a[]=y", 401),
    ] {
        let mut shop = demo(profile);
        let secrets = secrets(&shop.integration(CLI));
        let target = format!("{SOURCES}?{query}");
        let url = format!("http://{}{target}", shop.address);
        let headers = vec![("Authorization", by_sha256(&secrets, "GET", &url, now(&mut shop)))];
        let answer = shop.ask("GET", &target, headers, None);
        assert_eq!(answer.status, expected, "{profile} {query}");
    }
}

#[test]
fn behind_a_proxy_the_shop_must_know_the_scheme() {
    let mut shop = demo(Profile::V2_4_4);
    let secrets = secrets(&shop.integration(CLI));
    let now = now(&mut shop);
    for (url, forwarded, expected) in [
        ("https://Shop.Example:443", Some("https"), 200),
        ("https://shop.example", None, 401),
        ("http://shop.example:80", None, 200),
        ("http://shop.example:8080", None, 401),
    ] {
        let signed = by_sha256(&secrets, "GET", &format!("{url}{SOURCES}"), now);
        let mut headers = vec![("Host", "shop.example".to_owned()), ("Authorization", signed)];
        headers.extend(forwarded.map(|scheme| ("X-Forwarded-Proto", scheme.to_owned())));
        let answer = shop.ask("GET", SOURCES, headers, None);
        assert_eq!(answer.status, expected, "{url}");
    }
}
