//! Every credential and layout that a shop refuses: exit 1, nothing written, at most one sign-in, and the way out.

use snapbox::{assert_data_eq, str};

use super::login::Login;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, Workspace};

/// Runs everything that needs the shop, for which the workspace must have a target; gives what `plan` said.
///
/// `sign_ins` is how often each command may try to sign in.
#[track_caller]
fn refused(workspace: &Workspace, shop: &SandboxProcess, sign_ins: usize) -> Outcome {
    let links = shop.tables();
    let mut before = shop.sign_ins();
    let mut run = |arguments: &[&str]| {
        let outcome = workspace.run(arguments).exits(1);
        let after = shop.sign_ins();
        assert_eq!(after - before, sign_ins, "{arguments:?}");
        before = after;
        outcome
    };
    run(&["apply", "--yes"]).prints_nothing();
    let doctor = run(&["doctor"]);
    let plan = run(&["plan"]).prints_nothing();
    let helps = |text: &str| {
        let lines = text.lines().filter_map(|line| line.split_once("help: "));
        lines.map(|(_, help)| help.to_owned()).collect::<Vec<_>>()
    };
    let (known, told) = (helps(&plan.stderr), helps(&doctor.stdout));
    assert!(!known.is_empty(), "{}", plan.stderr);
    assert!(
        known.iter().all(|help| told.contains(help)),
        "{}\n{}",
        plan.stderr,
        doctor.stdout
    );
    assert_eq!(shop.tables(), links);
    assert!(shop.link_writes().is_empty());
    plan
}

/// A target by the environment.
fn workspace(shop: &SandboxProcess, login: &Login) -> Workspace {
    login.by_environment(Workspace::new(), &shop.url())
}

/// A target by targets.yaml.
fn filed(shop: &SandboxProcess, login: &Login, rest: &str) -> Workspace {
    let workspace = login.kept_at(Workspace::new());
    login.write_targets(&workspace, &shop.url(), rest, 0);
    workspace
}

#[test]
fn an_integrations_token_alone_since_2_4_4() {
    for profile in ["2.4.4", "2.4.7", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &[]);
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
    for command in ["plan", "doctor"] {
        let outcome = workspace(&shop, &login).run(&[command]).exits(1).prints_nothing();
        assert_data_eq!(
            outcome.stderr,
            str![[r#"
error: the environment variable `STOCKTAKE_ADMIN_TOTP` is a one-time code: give the secret that the app was set up with, in base32 or as an `otpauth://` address
  help: nothing was sent

"#]]
        );
    }
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
        let (_, told) = after.split_once(": ").expect("what happened is told");
        assert_data_eq!(
            told.to_owned(),
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
    let told = |key: &str, value: &str| {
        let login = Login::oauth1().with(key, value);
        refused(&workspace(&shop, &login), &shop, 0).stderr
    };
    assert_data_eq!(
        told("consumer_key", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 A consumer having the specified key does not exist
  help: check the consumer key: the shop knows no such integration; in Admin see System > Extensions > Integrations

"#]]
    );
    assert_data_eq!(
        told("consumer_secret", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The signature is invalid. Verify and try again.
  help: check the two secrets; behind a proxy that ends TLS the shop must know its own https address (X-Forwarded-Proto)

"#]]
    );
    assert_data_eq!(
        told("token_secret", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The signature is invalid. Verify and try again.
  help: check the two secrets; behind a proxy that ends TLS the shop must know its own https address (X-Forwarded-Proto)

"#]]
    );
    assert_data_eq!(
        told("token", other),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 Specified token does not exist
  help: check the access token: activate the integration anew in Admin under System > Extensions > Integrations

"#]]
    );
    assert_data_eq!(
        told("token", "short"),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 400 The token length is invalid. Check the length and try again.
  help: check the access token: a shop's own has 32 characters; see the integration in Admin under System > Extensions > Integrations

"#]]
    );
}

#[test]
fn client_credentials_that_are_wrong() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let told = |key: &str, value: &str, sign_ins| {
        let login = Login::ims(&shop.url()).with(key, value);
        refused(&workspace(&shop, &login), &shop, sign_ins).stderr
    };
    assert_data_eq!(
        told("client_secret", "another", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_client
  help: check the client id and the client secret: the identity service knows no such pair

"#]]
    );
    assert_data_eq!(
        told("client_id", "another", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_client
  help: check the client id and the client secret: the identity service knows no such pair

"#]]
    );
    assert_data_eq!(
        told("scopes", "openid", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_scope
  help: check the scopes: `commerce.accs` must be among them, and the credential must be allowed to ask for each

"#]]
    );
    assert_data_eq!(
        told("organization", "OTHER@AdobeOrg", 1),
        str![[r#"
error: GET /V1/inventory/stocks: 403 The organization has no access to this instance
  help: check the organization and that the credential's product profile allows the Commerce API

"#]]
    );
    let elsewhere = format!("{}/elsewhere", shop.url());
    assert_data_eq!(
        told("token_url", &elsewhere, 0),
        str![[r#"
error: POST /elsewhere: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check `token_url`: no token service answers there; the default is Adobe's own URL

"#]]
    );
}

#[test]
fn the_layout_of_the_cloud_at_a_shop_of_ones_own() {
    let (cloud, shop) = (
        SandboxProcess::of_generation("saas", &[]),
        SandboxProcess::of_generation("2.4.8", &[]),
    );
    let plan = refused(&workspace(&shop, &Login::ims(&cloud.url())), &shop, 0);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /V1/inventory/stocks: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check that the URL is the one of the REST API, with the tenant's id at its end; for a shop that is not Adobe Commerce as a Cloud Service say `api: paas` in targets.yaml

"#]]
    );
    let plan = refused(&filed(&shop, &Login::oauth1(), "api: saas"), &shop, 0);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /V1/inventory/stocks: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check that the URL is the one of the REST API, with the tenant's id at its end; for a shop that is not Adobe Commerce as a Cloud Service say `api: paas` in targets.yaml

"#]]
    );
    // The shop is asked for no token there: the address of the sign-in is below the same layout.
    let plan = refused(&filed(&shop, &Login::admin(), "api: saas"), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: POST /V1/integration/admin/token: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check that the URL is the one of the REST API, with the tenant's id at its end; for a shop that is not Adobe Commerce as a Cloud Service say `api: paas` in targets.yaml

"#]]
    );
}

#[test]
fn the_layout_of_a_shop_of_ones_own_in_the_cloud() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let plan = refused(&filed(&shop, &Login::ims(&shop.url()), "api: paas"), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check that the URL is the shop's base URL, the one in Stores > Configuration > Web, without /rest; for Adobe Commerce as a Cloud Service say `api: saas` in targets.yaml

"#]]
    );
    let plan = refused(&workspace(&shop, &Login::bearer()), &shop, 0);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 404 with text/html in place of JSON, a page titled "404 Not Found"
  help: check that the URL is the shop's base URL, the one in Stores > Configuration > Web, without /rest; for Adobe Commerce as a Cloud Service say `api: saas` in targets.yaml

"#]]
    );
}

#[test]
fn in_the_cloud_everything_but_client_credentials() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let told = |login: &Login, sign_ins| refused(&filed(&shop, login, "api: saas"), &shop, sign_ins).stderr;
    let bearer = told(&Login::bearer(), 0);
    assert_data_eq!(
        &bearer,
        str![[r#"
error: GET /V1/inventory/stocks: 401 Oauth token is not valid
  help: Adobe Commerce as a Cloud Service accepts client credentials only (auth: ims)

"#]]
    );
    assert_eq!(told(&Login::oauth1(), 0), bearer);
    assert_data_eq!(
        told(&Login::admin(), 1),
        str![[r#"
error: POST /V1/integration/admin/token: 401 Oauth token is not valid
  help: Adobe Commerce as a Cloud Service accepts client credentials only (auth: ims)

"#]]
    );
}

#[test]
fn an_unknown_store_code() {
    let shop = SandboxProcess::of_generation("2.4.8", &[]);
    let plan = refused(&filed(&shop, &Login::oauth1(), "store: nowhere"), &shop, 0);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /rest/nowhere/V1/inventory/stocks: 400 Specified request cannot be processed.
  help: the store code is unknown to the shop, or its letter case is another; `all` always exists

"#]]
    );
    let plan = refused(&filed(&shop, &Login::admin(), "store: nowhere"), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: POST /rest/nowhere/V1/integration/admin/token: 400 Specified request cannot be processed.
  help: the store code is unknown to the shop, or its letter case is another; `all` always exists

"#]]
    );
    let shop = SandboxProcess::of_generation("saas", &[]);
    let login = Login::ims(&shop.url());
    let plan = refused(&filed(&shop, &login, "api: saas\nstore: nowhere"), &shop, 1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /V1/inventory/stocks: 400 Specified request cannot be processed.
  help: the store code is unknown to the shop, or its letter case is another; `all` always exists

"#]]
    );
}

#[test]
fn a_role_that_lacks_a_resource() {
    for profile in ["2.4.1", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &[]);
        let login = Login::user("viewer", "Sandbox-viewer-1");
        // The shop does not tell a missing permission from a token that has expired: the token is renewed once.
        let plan = refused(&workspace(&shop, &login), &shop, 2);
        assert_data_eq!(
            plan.stderr,
            str![[r#"
error: GET /rest/all/V1/inventory/stock-source-links: 401 The consumer isn't authorized to access Magento_InventoryApi::stock_source_link.
  help: the role of viewer lacks the resource Magento_InventoryApi::stock_source_link: see System > Permissions > User Roles > Role Resources

"#]]
        );
    }
}
