//! Tokens: whose access token is one, what they look like, how long they live, and the lock-out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commerce_sandbox::{Profile, Seed};
use serde_json::{Value, json};

use super::{CLI, baseline, demo, read};
use testkit::shop::Shop;

const STOCKS: &str = "/rest/V1/inventory/stocks";
const TOKEN: &str = "/rest/V1/integration/admin/token";
const HOUR: i64 = 3600;

fn sign_in(shop: &Shop, password: &str) -> (u16, Value) {
    let credentials = json!({ "username": "admin", "password": password });
    read(&shop.ask("POST", TOKEN, Vec::new(), Some(&credentials)))
}

fn status_with(shop: &Shop, token: &Value) -> u16 {
    let token = token.as_str().expect("a token is text");
    let headers = vec![("Authorization", format!("Bearer {token}"))];
    shop.ask("GET", STOCKS, headers, None).status
}

fn advance(shop: &mut Shop, seconds: i64) {
    shop.control("clock", &json!({ "advance_seconds": seconds }));
}

#[test]
fn an_integrations_access_token_alone_is_enough_until_2_4_3() {
    for profile in [
        Profile::V2_4_1,
        Profile::V2_4_3,
        Profile::V2_4_4,
        Profile::V2_4_7,
        Profile::V2_4_8,
    ] {
        let mut shop = baseline(profile);
        let (status, body) = read(&shop.send("int_full", "GET", STOCKS, None));
        if profile < Profile::V2_4_4 {
            assert_eq!(status, 200, "{profile}");
        } else {
            let bad = read(&shop.send("bad", "GET", STOCKS, None));
            assert_eq!((status, body), bad, "{profile}");
            assert_eq!(status, 401);
        }
    }
}

#[test]
fn where_an_admin_allows_it_the_access_token_is_enough_and_never_ends() {
    for profile in Profile::ALL {
        let mut shop = demo(profile);
        advance(&mut shop, 1000 * 24 * HOUR);
        shop.control("tokens/expire", &Value::Null);
        let expected = if profile == Profile::Saas { 404 } else { 200 };
        let status = shop.send(CLI, "GET", STOCKS, None).status;
        assert_eq!(status, expected, "{profile}");
    }
}

#[test]
fn the_empty_shop_takes_the_same_token() {
    let seed = Seed::empty();
    let tokens: Vec<&str> = seed
        .principals
        .integrations
        .iter()
        .map(|one| one.token.as_str())
        .collect();
    assert!(seed.integration_bearer == Some(true) && tokens.contains(&"sandboxtoken00000000000000000000"));
}

#[test]
fn since_2_4_4_two_tokens_of_one_second_are_the_same() {
    for (profile, same) in [(Profile::V2_4_3, false), (Profile::V2_4_8, true)] {
        let shop = demo(profile);
        let token = || sign_in(&shop, "Sandbox-admin-1");
        // A second may end between the two.
        let mut pairs = (0..3).map(|_| token() == token());
        assert_eq!(pairs.any(|equal| equal), same, "{profile}");
    }
}

#[test]
fn tokens_end_with_their_life() {
    for (profile, life) in [
        (Profile::V2_4_1, 24 * HOUR),
        (Profile::V2_4_3, 4 * HOUR),
        (Profile::V2_4_4, HOUR),
        (Profile::V2_4_7, HOUR),
        (Profile::V2_4_8, HOUR),
    ] {
        let mut shop = demo(profile);
        let (_, token) = sign_in(&shop, "Sandbox-admin-1");
        advance(&mut shop, life - 10);
        assert_eq!(status_with(&shop, &token), 200, "{profile}");
        advance(&mut shop, 10);
        assert_eq!(status_with(&shop, &token), 401, "{profile}");
        let (_, token) = sign_in(&shop, "Sandbox-admin-1");
        assert_eq!(status_with(&shop, &token), 200, "{profile}");
    }
}

#[test]
fn since_2_4_4_a_token_tells_when_it_ends() {
    let (_, opaque) = sign_in(&demo(Profile::V2_4_3), "Sandbox-admin-1");
    assert_eq!(opaque.as_str().map(str::len), Some(32));
    let (_, token) = sign_in(&demo(Profile::V2_4_4), "Sandbox-admin-1");
    let parts: Vec<&str> = token.as_str().expect("a token is text").split('.').collect();
    assert_eq!(parts.len(), 3);
    let part = |place: usize| -> Value {
        let bytes = URL_SAFE_NO_PAD.decode(parts[place]).expect("base64");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    assert_eq!(part(0)["alg"], "HS256");
    let (issued, ends) = (part(1)["iat"].as_i64(), part(1)["exp"].as_i64());
    assert_eq!(issued.map(|issued| issued + HOUR), ends);
}

#[test]
fn every_token_can_be_ended_at_once_but_not_an_integrations() {
    let mut shop = demo(Profile::V2_4_1);
    let (_, token) = sign_in(&shop, "Sandbox-admin-1");
    assert_eq!(status_with(&shop, &token), 200);
    shop.control("tokens/expire", &Value::Null);
    assert_eq!(status_with(&shop, &token), 401);
    assert_eq!(shop.send(CLI, "GET", STOCKS, None).status, 200);
    let (_, token) = sign_in(&shop, "Sandbox-admin-1");
    assert_eq!(status_with(&shop, &token), 200);
}

#[test]
fn a_locked_user_waits_half_an_hour() {
    let mut shop = demo(Profile::V2_4_4);
    for _ in 0..6 {
        assert_eq!(sign_in(&shop, "wrong").0, 401);
    }
    assert_eq!(sign_in(&shop, "Sandbox-admin-1"), sign_in(&shop, "wrong"));
    advance(&mut shop, 30 * 60);
    assert_eq!(sign_in(&shop, "Sandbox-admin-1").0, 200);
}

#[test]
fn answers_carry_the_shops_own_time() {
    let mut shop = demo(Profile::V2_4_1);
    advance(&mut shop, -86_400);
    let now = shop.control("clock", &json!({ "advance_seconds": 0 }))["now"].clone();
    let date = shop.send("none", "GET", STOCKS, None).date.expect("a date");
    let output = jiff::fmt::rfc2822::parse(&date)
        .expect("a date of a header")
        .timestamp()
        .as_second();
    assert!(
        (0..5).contains(&(output - now.as_i64().expect("a time"))),
        "{date} {now}"
    );
}
