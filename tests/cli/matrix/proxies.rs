//! Proxies of the environment: one that refuses a password is asked once, one that is dead or refuses is named, and the one
//! that is asked is the one that is told of.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::tls_front::{Authority, SecureShop};
use testkit::workspace::{Outcome, TOKEN, Workspace};

const PASSWORD: &str = "pr0xy-s3cret";

/// A shop that only a proxy could find.
const SHOP: &str = "https://shop.invalid";

/// What asks who wants to pass.
fn who(_: &Request) -> Canned {
    Canned::new(407, "text/html", "<title>Who are you?</title>")
        .with("Proxy-Authenticate", "Basic realm=\"corp\"")
}

/// A folder with a target behind a proxy, and a web hook that drift is told to.
fn workspace(url: &str, auth: &str) -> Workspace {
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("SHOP_PASSWORD", "Sandbox-admin-1")
        .variable("HOOK", "https://hook.invalid/drift");
    workspace.write(
        "targets.yaml",
        &format!("version: 1\ntargets:\n{}", target("shop", url, auth)),
    );
    workspace
}

fn target(name: &str, url: &str, auth: &str) -> String {
    format!(
        "  {name}:\n    url: {url}\n    auth: {auth}\n    reindex: cron\n    connection: {{ retry_pause: 1ms }}\n    \
         notify:\n      - webhook: {{ env: HOOK }}\n"
    )
}

const BEARER: &str = "{ bearer: { env: SHOP_TOKEN } }";
const ADMIN: &str = "{ admin: { user: ci, password: { env: SHOP_PASSWORD } } }";
const IMS: &str = "{ ims: { client_id: ci, client_secret: { env: SHOP_PASSWORD }, scopes: [openid], organization: o, \
                   token_url: \"https://ims.invalid/token\" } }";

/// The address with a user and a password.
fn signed(proxy: &Proxy) -> String {
    format!("http://corp:{PASSWORD}@{}", proxy.address)
}

/// Asserts that the proxy was asked so often, always for the way to a server.
#[track_caller]
fn asked(proxy: &Proxy, times: usize, outcome: &Outcome) {
    let seen = proxy.seen();
    assert!(seen.iter().all(|asked| asked.method == "CONNECT"));
    assert_eq!(seen.len(), times, "{}\n{}", outcome.stdout, outcome.stderr);
}

/// Asserts that an outcome tells that, and no password.
#[track_caller]
fn tells(outcome: &Outcome, what: &[&str]) {
    let told = format!("{}{}", outcome.stdout, outcome.stderr);
    for what in what {
        assert!(told.contains(what), "{what}:\n{told}");
    }
    assert!(!told.contains(PASSWORD), "{told}");
}

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

#[test]
fn a_dead_proxy_is_named_and_not_the_shop() {
    let mute = Proxy::alone(|_| Canned::raw(Vec::new()));
    let babbling = Proxy::alone(|_| Canned::raw(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()));
    for (address, said, help) in [
        (
            "http://127.0.0.1:1",
            "no connection to the proxy 127.0.0.1:[PORT]",
            "nothing listens there",
        ),
        (
            "http://proxy.invalid:3128",
            "no connection to the proxy proxy.invalid:3128",
            "its host name is unknown",
        ),
        (
            &mute.url(),
            "ended the connection without an answer",
            "accepts CONNECT",
        ),
        (&babbling.url(), "does not let the request through", "CONNECT"),
    ] {
        let workspace = workspace(SHOP, BEARER).variable("HTTPS_PROXY", address);
        let outcome = workspace.run(&["plan"]).exits(1);
        tells(&outcome, &[said, help]);
        assert!(!outcome.stderr.contains("the shop is up"), "{}", outcome.stderr);
    }
}

#[test]
fn what_names_no_proxy_is_an_error_and_not_passed_over() {
    for (variable, value, said) in [
        (
            "HTTPS_PROXY",
            "http://corp:p@ss@127.0.0.1:1",
            "HTTPS_PROXY is not the URL of a proxy",
        ),
        (
            "https_proxy",
            "http://corp:p#ss@127.0.0.1:1",
            "https_proxy is not the URL of a proxy",
        ),
        (
            "HTTPS_PROXY",
            "http://corp:12#p@ss@127.0.0.1:1",
            "HTTPS_PROXY is not the URL of a proxy",
        ),
        (
            "HTTPS_PROXY",
            "http://corp:12/p@127.0.0.1:1",
            "HTTPS_PROXY is not the URL of a proxy",
        ),
        (
            "ALL_PROXY",
            "ftp://127.0.0.1:1",
            "ALL_PROXY is not the URL of a proxy",
        ),
        (
            "all_proxy",
            "socks5h://127.0.0.1:1",
            "the proxy of all_proxy speaks SOCKS",
        ),
    ] {
        let told = workspace(SHOP, BEARER)
            .variable(variable, value)
            .run(&["plan"])
            .exits(1)
            .stderr;
        assert!(told.starts_with(&format!("error: {said}")), "{told}");
        assert!(!told.contains("p@ss") && !told.contains("p#ss"), "{told}");
        // A host that is asked without a proxy is not in its way.
        let workspace = workspace(SHOP, BEARER)
            .variable(variable, value)
            .variable("NO_PROXY", ".invalid");
        let told = workspace.run(&["plan"]).exits(1).stderr;
        assert!(
            told.contains("no connection to the server") && !told.contains("proxy"),
            "{told}"
        );
    }
}

#[test]
fn the_proxy_that_is_told_of_is_the_one_that_is_asked() {
    for (right, wrong, origin) in [
        (
            &["HTTPS_PROXY"][..],
            &["https_proxy", "ALL_PROXY", "HTTP_PROXY"][..],
            "HTTPS_PROXY",
        ),
        (
            &["https_proxy"],
            &["ALL_PROXY", "all_proxy", "http_proxy"],
            "https_proxy",
        ),
        (&["ALL_PROXY"], &["all_proxy", "HTTP_PROXY"], "ALL_PROXY"),
        (&["all_proxy"], &["http_proxy"], "all_proxy"),
    ] {
        let (proxy, other) = (Proxy::alone(who), Proxy::alone(who));
        let mut workspace = workspace(SHOP, BEARER);
        for name in right {
            workspace = workspace.variable(name, proxy.url());
        }
        for name in wrong {
            workspace = workspace.variable(name, other.url());
        }
        let outcome = workspace.run(&["doctor", "--format", "json"]).exits(1);
        asked(&proxy, 1, &outcome);
        asked(&other, 0, &outcome);
        let report = outcome.json();
        let checks = report["checks"].as_array().expect("a list").iter();
        let found = checks
            .clone()
            .find(|check| check["check"] == "proxy")
            .map(|check| &check["detail"]);
        let said = format!("requests go through the proxy 127.0.0.1:[PORT] (of {origin})");
        assert_eq!(found.and_then(Value::as_str), Some(said.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_lets_through_is_told_by_doctor_and_its_password_once_refused_is_not_sent_again() {
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
