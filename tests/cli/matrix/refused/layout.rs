//! The wrong sign-in method, layout, store code or role for the shop.

use snapbox::{assert_data_eq, str};

use super::{filed, refused, workspace};
use crate::matrix::login::Login;
use testkit::sandbox_process::SandboxProcess;

#[test]
fn client_credentials_that_are_wrong() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let reported = |key: &str, value: &str, sign_ins| {
        let login = Login::ims(&shop.url()).with(key, value);
        refused(&workspace(&shop, &login), &shop, sign_ins).stderr
    };
    assert_data_eq!(
        reported("client_secret", "another", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_client
  help: check the client id and the client secret: the identity service knows no such pair

"#]]
    );
    assert_data_eq!(
        reported("client_id", "another", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_client
  help: check the client id and the client secret: the identity service knows no such pair

"#]]
    );
    assert_data_eq!(
        reported("scopes", "openid", 1),
        str![[r#"
error: POST /ims/token/v3: 400 invalid_scope
  help: check the scopes: `commerce.accs` must be among them, and the credential must be allowed to ask for each

"#]]
    );
    assert_data_eq!(
        reported("organization", "OTHER@AdobeOrg", 1),
        str![[r#"
error: GET /V1/inventory/stocks: 403 The organization has no access to this instance
  help: check the organization and that the credential's product profile allows the Commerce API

"#]]
    );
    let elsewhere = format!("{}/elsewhere", shop.url());
    assert_data_eq!(
        reported("token_url", &elsewhere, 0),
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
    let reported =
        |login: &Login, sign_ins| refused(&filed(&shop, login, "api: saas"), &shop, sign_ins).stderr;
    let bearer = reported(&Login::bearer(), 0);
    assert_data_eq!(
        &bearer,
        str![[r#"
error: GET /V1/inventory/stocks: 401 Oauth token is not valid
  help: Adobe Commerce as a Cloud Service accepts client credentials only (auth: ims)

"#]]
    );
    assert_eq!(reported(&Login::oauth1(), 0), bearer);
    assert_data_eq!(
        reported(&Login::admin(), 1),
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
