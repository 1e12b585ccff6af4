//! The cloud: the identity service, the gateway, and paths without `/rest`.

use commerce_sandbox::Profile;
use serde_json::{Value, json};

use super::{CLI, demo, read};
use testkit::shop::Shop;
use testkit::wire::{self, Answer, Message};

const STOCKS: &str = "/V1/inventory/stocks";
const ORGANIZATION: &str = "SANDBOX@AdobeOrg";
const CREDENTIALS: &str = "grant_type=client_credentials&client_id=sandboxclientid\
                           &client_secret=sandboxclientsecret&scope=openid,commerce.accs";

fn identify(shop: &Shop, form: &str) -> (u16, Value) {
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())];
    let message = Message {
        method: "POST",
        target: "/ims/token/v3",
        headers,
        body: Some(form.as_bytes().to_vec()),
    };
    read(&wire::send(shop.address, &message))
}

fn token(shop: &Shop) -> String {
    let (status, body) = identify(shop, CREDENTIALS);
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().expect("a token is text").to_owned()
}

fn headers<'a>(token: &str, key: &str, organization: &str) -> Vec<(&'a str, String)> {
    vec![
        ("Authorization", format!("Bearer {token}")),
        ("x-api-key", key.to_owned()),
        ("x-gw-ims-org-id", organization.to_owned()),
    ]
}

fn ask(shop: &Shop, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let headers = headers(&token(shop), "sandboxclientid", ORGANIZATION);
    shop.ask(method, path, headers, body)
}

#[test]
fn an_application_reads_and_writes_without_rest_in_the_path() {
    let shop = demo(Profile::Saas);
    assert_eq!(ask(&shop, "GET", STOCKS, None).status, 200);
    let link = json!({ "stock_id": 2, "source_code": "hq", "priority": 7 });
    let body = json!({ "links": [link] });
    let answer = ask(&shop, "POST", "/V1/inventory/stock-source-links", Some(&body));
    assert_eq!(read(&answer), (200, json!([])));
}

#[test]
fn a_token_names_its_life() {
    let (_, body) = identify(&demo(Profile::Saas), CREDENTIALS);
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("bearer"), &json!(86_399))
    );
}

#[test]
fn the_identity_service_refuses_what_it_does_not_know() {
    let shop = demo(Profile::Saas);
    for (from, to, error) in [
        ("sandboxclientsecret", "wrong", "invalid_client"),
        ("sandboxclientid", "wrong", "invalid_client"),
        ("client_credentials", "password", "unsupported_grant_type"),
        (",commerce.accs", "", "invalid_scope"),
    ] {
        let refusal = (400, json!({ "error": error }));
        assert_eq!(identify(&shop, &CREDENTIALS.replace(from, to)), refusal, "{to}");
    }
}

#[test]
fn the_gateway_wants_token_key_and_organization() {
    let shop = demo(Profile::Saas);
    let token = token(&shop);
    for (headers, expected) in [
        (headers(&token, "sandboxclientid", ORGANIZATION), 200),
        (headers("wrong", "sandboxclientid", ORGANIZATION), 401),
        (headers(&token, "sandboxclientid", "OTHER@AdobeOrg"), 403),
        (headers(&token, "wrong", ORGANIZATION), 403),
        (
            headers(&token, "sandboxclientid", ORGANIZATION)[..2].to_vec(),
            403,
        ),
        (Vec::new(), 401),
    ] {
        let answer = shop.ask("GET", STOCKS, headers, None);
        assert_eq!(read(&answer).0, expected);
    }
}

#[test]
fn a_token_ends_after_a_day_or_at_once() {
    let mut shop = demo(Profile::Saas);
    let old = headers(&token(&shop), "sandboxclientid", ORGANIZATION);
    shop.control("clock", &json!({ "advance_seconds": 86_399 }));
    assert_eq!(shop.ask("GET", STOCKS, old, None).status, 401);
    let newer = headers(&token(&shop), "sandboxclientid", ORGANIZATION);
    assert_eq!(shop.ask("GET", STOCKS, newer.clone(), None).status, 200);
    shop.control("tokens/expire", &Value::Null);
    assert_eq!(shop.ask("GET", STOCKS, newer, None).status, 401);
}

#[test]
fn the_store_stands_in_a_header() {
    let shop = demo(Profile::Saas);
    let base = headers(&token(&shop), "sandboxclientid", ORGANIZATION);
    for (store, expected) in [("all", 200), ("default", 200), ("nowhere", 400)] {
        let mut headers = base.clone();
        headers.push(("Store", store.to_owned()));
        assert_eq!(shop.ask("GET", STOCKS, headers, None).status, expected, "{store}");
    }
}

#[test]
fn paths_and_routes_of_other_shops_are_not_there() {
    let shop = demo(Profile::Saas);
    for path in [
        "/rest/V1/inventory/stocks",
        "/rest/all/V1/inventory/stocks",
        "/all/V1/inventory/stocks",
    ] {
        assert_eq!(ask(&shop, "GET", path, None).status, 404, "{path}");
    }
    for path in [
        "/V1/integration/admin/token",
        "/V1/tfa/provider/google/authenticate",
    ] {
        let body = json!({ "username": "admin", "password": "Sandbox-admin-1", "otp": "000000" });
        assert_eq!(ask(&shop, "POST", path, Some(&body)).status, 404, "{path}");
    }
    assert_eq!(
        demo(Profile::V2_4_8)
            .ask("POST", "/ims/token/v3", Vec::new(), None)
            .status,
        404
    );
}

#[test]
fn an_integration_has_no_say_in_the_cloud() {
    let mut shop = demo(Profile::Saas);
    let answer = shop.send(CLI, "GET", STOCKS, None);
    assert_eq!(answer.status, 401);
}
