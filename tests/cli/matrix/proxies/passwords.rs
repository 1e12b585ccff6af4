//! The password of a proxy: missing, refused, and sent once.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{BEARER, SHOP, asked, signed, target, tells, who, workspace};
use testkit::proxy::{Action, Canned, Proxy};
use testkit::tls_front::{Authority, SecureShop};

const ADMIN: &str = "{ admin: { user: ci, password: { env: SHOP_PASSWORD } } }";

const IMS: &str = "{ ims: { client_id: ci, client_secret: { env: SHOP_PASSWORD }, scopes: [openid], organization: o, \
                   token_url: \"https://ims.invalid/token\" } }";

#[test]
fn a_refused_password_is_sent_once_by_every_command_and_every_way_to_sign_in() {
    let mut two = workspace(SHOP, BEARER);
    two.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n{}{}",
            target("one", SHOP, BEARER),
            target("two", "https://other.invalid", ADMIN)
        ),
    );
    let all: [&[&str]; 2] = [
        &["plan", "--all-targets"],
        &["drift", "--notify", "--all-targets"],
    ];
    let each: [&[&str]; 6] = [
        &["plan"],
        &["apply", "--yes"],
        &["doctor"],
        &["status"],
        &["drift", "--notify"],
        &["export"],
    ];
    for auth in [BEARER, ADMIN, IMS] {
        for arguments in each {
            let proxy = Proxy::alone(who);
            let workspace = workspace(SHOP, auth).variable("HTTPS_PROXY", signed(&proxy));
            let outcome = workspace.run(arguments).exits(1);
            asked(&proxy, 1, &outcome);
            let said = format!(
                "the proxy {} wants another user or password (407)",
                "127.0.0.1:[PORT]"
            );
            tells(&outcome, &[&said, "in HTTPS_PROXY"]);
        }
    }
    for arguments in all {
        let proxy = Proxy::alone(who);
        two = two.variable("HTTPS_PROXY", signed(&proxy));
        let outcome = two.run(arguments).exits(1);
        asked(&proxy, 1, &outcome);
    }
}

#[test]
fn a_proxy_that_asks_for_a_password_where_none_is_given_says_so() {
    let proxy = Proxy::alone(who);
    let workspace = workspace(SHOP, BEARER).variable("https_proxy", proxy.url());
    let outcome = workspace.run(&["plan"]).exits(1);
    asked(&proxy, 1, &outcome);
    tells(&outcome, &["wants a user and a password (407)", "in https_proxy"]);
}

#[test]
fn a_proxy_that_refuses_is_named_with_its_status() {
    // What may pass is tried four times. The status is asked for each time, since the HTTP client does not tell it.
    for (status, tries) in [(403, 1), (405, 1), (502, 4), (503, 4)] {
        let proxy = Proxy::alone(move |_| Canned::new(status, "text/html", "<title>No</title>"));
        let workspace = workspace(SHOP, BEARER).variable("HTTPS_PROXY", signed(&proxy));
        let outcome = workspace.run(&["plan"]).exits(1);
        asked(&proxy, 2 * tries, &outcome);
        let said = format!("the proxy 127.0.0.1:[PORT] does not let the request through ({status})");
        tells(&outcome, &[&said, "HTTPS_PROXY"]);
        let doctor = workspace.run(&["doctor"]).exits(1);
        tells(
            &doctor,
            &[
                &said,
                "requests go through the proxy 127.0.0.1:[PORT] (of HTTPS_PROXY)",
            ],
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_lets_through_is_shown_by_doctor_and_its_password_once_refused_is_not_sent_again() {
    let authority = Authority::new();
    let shop = SecureShop::start(&authority, "shop.invalid", None).await;
    let upstream = ([127, 0, 0, 1], shop.port).into();
    let ready = |address: String| {
        let workspace = workspace(SHOP, BEARER).variable("HTTPS_PROXY", address);
        workspace.write(
            "ca.pem",
            &String::from_utf8(authority.pem()).expect("PEM is text"),
        );
        workspace.write(
            "targets.yaml",
            &format!(
                "version: 1\ntargets:\n  shop:\n    url: {SHOP}\n    auth: {BEARER}\n    reindex: cron\n    \
                 connection: {{ ca_file: ca.pem, retry_pause: 1ms }}\n"
            ),
        );
        workspace
    };
    let open = Proxy::before(upstream, |_| Action::Tunnel);
    let ready_desk = ready(signed(&open));
    let doctor = ready_desk.run(&["doctor"]).exits(0);
    tells(
        &doctor,
        &["proxy                 ok       requests go through the proxy 127.0.0.1:[PORT] (of HTTPS_PROXY)"],
    );
    ready_desk.run(&["apply", "--yes"]).exits(0);
    let basic = "proxy-authorization: basic y29ycdpwcjb4es1zm2nyzxq=";
    assert!(
        open.seen()
            .iter()
            .all(|asked| asked.head.to_lowercase().contains(basic)),
        "{:?}",
        open.seen()
    );
    assert!(open.seen().iter().all(|asked| asked.path == "shop.invalid:443"));

    // A proxy that takes the password at first and not any more: each connection but the first is refused.
    let connections = AtomicUsize::new(0);
    let fickle = Proxy::before(upstream, move |asked| {
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            Action::Tunnel
        } else {
            Action::Answer(who(asked))
        }
    });
    let fickle_desk = ready(signed(&fickle));
    fickle_desk.run(&["plan"]).exits(0);
    let outcome = fickle_desk.run(&["plan"]).exits(1);
    asked(&fickle, 2, &outcome);
    // A proxy behind TLS must be trusted too.
    let address = format!("https://localhost:{}", shop.port);
    let outcome = workspace(SHOP, BEARER)
        .variable("HTTPS_PROXY", address)
        .run(&["plan"])
        .exits(1);
    tells(
        &outcome,
        &[
            "no connection to the proxy localhost:",
            "its certificate is not trusted",
        ],
    );
    assert!(!outcome.stderr.contains("trying again"), "{}", outcome.stderr);
    // Without the authority that is named, TLS fails behind the proxy, which is told.
    fickle_desk.write(
        "targets.yaml",
        &format!("version: 1\ntargets:\n{}", target("shop", SHOP, BEARER)),
    );
    let open = Proxy::before(upstream, |_| Action::Tunnel);
    let outcome = fickle_desk
        .variable("HTTPS_PROXY", open.url())
        .run(&["plan"])
        .exits(1);
    tells(
        &outcome,
        &[
            "by `ca_file`",
            "the request goes through the proxy 127.0.0.1:[PORT] (of HTTPS_PROXY)",
        ],
    );
}
