//! Tokens, passwords and second factors that the shop refuses.

use snapbox::{assert_data_eq, str};

use super::{refused, workspace};
use crate::matrix::login::Login;
use testkit::sandbox_process::SandboxProcess;
use testkit::shop::DEMO_SEED;

#[test]
fn an_integrations_token_alone_since_2_4_4() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let seed = folder.path().join("seed.json");
    let (allowed, not_allowed) = (r#""integration_bearer": true"#, r#""integration_bearer": false"#);
    assert!(DEMO_SEED.contains(allowed), "the demo shop allows it");
    std::fs::write(&seed, DEMO_SEED.replace(allowed, not_allowed)).expect("the seed can be written");
    let seed = seed.to_str().expect("the path is text");
    for profile in ["2.4.4", "2.4.7", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &["--seed", seed]);
        let plan = refused(&workspace(&shop, &Login::bearer()), &shop, 0);
        assert_data_eq!(
            plan.stderr,
            str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The consumer isn't authorized to access Magento_InventoryApi::stock.
  help: the token is wrong or expired, or it lacks the resource Magento_InventoryApi::stock: see System > Extensions > Integrations > API. Since 2.4.4 an integration's access token alone is refused: sign with its four secrets (auth: oauth1), or switch it on in Stores > Configuration > Services > OAuth > Consumer Settings

"#]]
        );
    }
}

#[test]
fn a_token_that_has_expired() {
    for profile in ["2.4.1", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &[]);
        let login = Login::bearer().with("bearer", &shop.admin_token());
        shop.expire_tokens();
        let plan = refused(&workspace(&shop, &login), &shop, 0);
        assert_data_eq!(
            plan.stderr,
            str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The consumer isn't authorized to access Magento_InventoryApi::stock.
  help: the token is wrong or expired, or it lacks the resource Magento_InventoryApi::stock: see System > Extensions > Integrations > API. Since 2.4.4 an integration's access token alone is refused: sign with its four secrets (auth: oauth1), or switch it on in Stores > Configuration > Services > OAuth > Consumer Settings

"#]]
        );
    }
}

#[test]
fn a_password_where_a_second_factor_is_wanted() {
    for profile in ["2.4.1", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &["--two-factor"]);
        let login = Login::user("careful", "Sandbox-careful-1");
        let plan = refused(&workspace(&shop, &login), &shop, 1);
        assert_data_eq!(
            plan.stderr,
            str![[r#"
error: POST /rest/all/V1/integration/admin/token: 400 Please use the 2fa provider-specific endpoints to obtain a token.
  help: two-factor sign-in is in the way: give the secret of the user's authenticator app (auth: admin: totp), or use an integration's four secrets (auth: oauth1)

"#]]
        );
    }
}

#[test]
fn a_user_without_an_authenticator_app() {
    let shop = SandboxProcess::of_generation("2.4.7", &["--two-factor"]);
    let plan = refused(&workspace(&shop, &Login::admin()), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: POST /rest/all/V1/integration/admin/token: 400 Failed to send the message. Please contact the administrator
  help: two-factor sign-in is in the way: give the secret of the user's authenticator app (auth: admin: totp), or use an integration's four secrets (auth: oauth1)

"#]]
    );
    let login = Login::two_factor()
        .with("user", "admin")
        .with("password", "Sandbox-admin-1");
    let plan = refused(&workspace(&shop, &login), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: POST /rest/all/V1/tfa/provider/google/authenticate: 400 Provider is not configured.
  help: the user has no authenticator app set up: do that once in Admin, or use an integration's four secrets (auth: oauth1)

"#]]
    );
}

#[test]
fn a_wrong_second_factor() {
    let shop = SandboxProcess::of_generation("2.4.7", &["--two-factor"]);
    let login = Login::two_factor().with("totp", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let plan = refused(&workspace(&shop, &login), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: POST /rest/all/V1/tfa/provider/google/authenticate: 401 Invalid code.
  help: the one-time code was refused: check the TOTP secret and that this machine's clock is right

"#]]
    );
}

#[test]
fn a_second_factor_that_is_no_secret() {
    let shop = SandboxProcess::of_generation("2.4.7", &["--two-factor"]);
    let login = Login::two_factor().with("totp", "123456");
    let text = "the environment variable `STOCKTAKE_ADMIN_TOTP` is a one-time code: give the secret that the app was set up with, in \
                base32 or as an `otpauth://` address";
    let plan = workspace(&shop, &login).run(&["plan"]).exits(1).prints_nothing();
    assert_eq!(plan.stderr, format!("error: {text}\n  help: nothing was sent\n"));
    let doctor = workspace(&shop, &login).run(&["doctor"]).exits(1);
    assert!(
        doctor.stdout.contains(&format!("FAILED   {text}\n")),
        "{}",
        doctor.stdout
    );
    assert_eq!(shop.sign_ins(), 0);
}

#[test]
fn a_wrong_password() {
    for (profile, more, login) in [
        ("2.4.1", &[][..], Login::admin()),
        ("2.4.8", &[], Login::admin()),
        ("2.4.8", &["--two-factor"], Login::two_factor()),
    ] {
        let shop = SandboxProcess::of_generation(profile, more);
        let login = login.with("password", "not-the-password");
        let plan = refused(&workspace(&shop, &login), &shop, 1);
        let (_, after) = plan.stderr.split_once("V1/").expect("the request is named");
        let (_, reported) = after.split_once(": ").expect("what happened is told");
        assert_data_eq!(
            reported.to_owned(),
            str![[r#"
401 The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.
  help: check the user and password before another try: six failures lock the user out for 30 minutes

"#]]
        );
    }
}

#[test]
fn four_secrets_of_which_one_is_wrong() {
    let shop = SandboxProcess::of_generation("2.4.8", &[]);
    let other = "0123456789abcdef0123456789abcdef";
    let reported = |key: &str, value: &str| {
        let login = Login::oauth1().with(key, value);
        refused(&workspace(&shop, &login), &shop, 0).stderr
    };
    assert_data_eq!(
        reported("consumer_key", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 A consumer having the specified key does not exist
  help: check the consumer key: the shop knows no such integration; in Admin see System > Extensions > Integrations

"#]]
    );
    assert_data_eq!(
        reported("consumer_secret", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The signature is invalid. Verify and try again.
  help: check the two secrets; behind a proxy that ends TLS the shop must know its own https address (X-Forwarded-Proto), and on a port other than 80 and 443 its PHP must see the port: Debian's nginx leaves it out of HTTP_HOST (`fastcgi_param HTTP_HOST $http_host`)

"#]]
    );
    assert_data_eq!(
        reported("token_secret", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The signature is invalid. Verify and try again.
  help: check the two secrets; behind a proxy that ends TLS the shop must know its own https address (X-Forwarded-Proto), and on a port other than 80 and 443 its PHP must see the port: Debian's nginx leaves it out of HTTP_HOST (`fastcgi_param HTTP_HOST $http_host`)

"#]]
    );
    assert_data_eq!(
        reported("token", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 Specified token does not exist
  help: check the access token: activate the integration anew in Admin under System > Extensions > Integrations

"#]]
    );
    assert_data_eq!(
        reported("token", "short"),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 400 The token length is invalid. Check the length and try again.
  help: check the access token: a shop's own has 32 characters; see the integration in Admin under System > Extensions > Integrations

"#]]
    );
}
