//! The second factor, beyond what recording 00 shows.

use commerce_sandbox::{Options, Profile};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use super::{demo, read};
use testkit::shop::Shop;

const PLAIN: &str = "/rest/V1/integration/admin/token";
const CODE: &str = "/rest/V1/tfa/provider/google/authenticate";

fn careful() -> Shop {
    Shop::demo_with(Options {
        two_factor: true,
        profile: Profile::V2_4_4,
        ..Options::default()
    })
}

fn ask(shop: &Shop, path: &str, body: &Value) -> (u16, Value) {
    read(&shop.ask("POST", path, Vec::new(), Some(body)))
}

/// Gives the code of the half-minute so many seconds from now.
fn code(ahead: i64) -> String {
    let secret = Secret::Encoded("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned());
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 1, 30, secret.to_bytes().expect("base32"));
    let now = jiff::Timestamp::now().as_second() + ahead;
    totp.generate(u64::try_from(now).expect("it is after 1970"))
}

#[test]
fn a_code_of_now_gets_a_token_and_no_other() {
    let shop = careful();
    let with = |password: &str, code: &str| {
        let body = json!({ "username": "careful", "password": password, "otp": code });
        ask(&shop, CODE, &body)
    };
    let (status, token) = with("Sandbox-careful-1", &code(0));
    assert_eq!(status, 200);
    let token = token.as_str().expect("a token is text");
    let headers = vec![("Authorization", format!("Bearer {token}"))];
    assert_eq!(
        shop.ask("GET", "/rest/V1/inventory/stocks", headers, None).status,
        200
    );
    let invalid = json!({ "message": "Invalid code." });
    assert_eq!(with("Sandbox-careful-1", &code(-300)), (401, invalid));
    let (status, body) = with("wrong", &code(0));
    assert_eq!(status, 401);
    assert!(
        body["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("The account sign-in was incorrect"))
    );
}

#[test]
fn the_plain_route_points_to_the_other_one() {
    let shop = careful();
    let body = json!({ "username": "careful", "password": "Sandbox-careful-1" });
    let expected = json!({
        "message": "Please use the 2fa provider-specific endpoints to obtain a token.",
        "parameters": { "active_providers": ["google"] },
    });
    assert_eq!(ask(&shop, PLAIN, &body), (400, expected));
    let body = json!({ "username": "admin", "password": "Sandbox-admin-1" });
    let expected = json!({ "message": "Failed to send the message. Please contact the administrator" });
    assert_eq!(ask(&shop, PLAIN, &body), (400, expected));
}

#[test]
fn the_module_is_switched_by_a_control_call() {
    let mut shop = demo(Profile::V2_4_1);
    let body = json!({ "username": "careful", "password": "Sandbox-careful-1", "otp": code(0) });
    let no_route = json!({ "message": "Request does not match any route." });
    assert_eq!(ask(&shop, CODE, &body), (404, no_route));
    assert_eq!(ask(&shop, PLAIN, &body).0, 200);
    shop.control("two-factor", &json!({ "enabled": true }));
    assert_eq!(ask(&shop, CODE, &body).0, 200);
    assert_eq!(ask(&shop, PLAIN, &body).0, 400);
    shop.control("two-factor", &json!({ "enabled": false }));
    assert_eq!(ask(&shop, PLAIN, &body).0, 200);
}
