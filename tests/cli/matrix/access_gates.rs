//! An access gate in front of a shop: its headers go with every request to the shop, to nobody else, and into no output.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::sandbox_process::SandboxProcess;

use super::login::Login;
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::workspace::{Outcome, Workspace};

const KEY: &str = "d00r-key+/&%=?<>42";

const PASSWORD: &str = "let me in: +/&%=?";

/// The value of a header of a request.
fn header<'a>(asked: &'a Request, wanted: &str) -> Option<&'a str> {
    let lines = asked.head.split("\r\n").filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.next().map(|(_, value)| value)
}

/// The response of a gate to an unknown caller.
fn shut() -> Canned {
    Canned::new(
        401,
        "text/html",
        "<html><head><title>401 Authorization Required</title></head></html>",
    )
    .with("WWW-Authenticate", "Basic realm=\"Staging\"")
}

/// Lets those in who have the key.
fn by_key(asked: &Request) -> Action {
    let is_known = header(asked, "CF-Access-Client-Id") == Some("robot")
        && header(asked, "cf-access-client-secret") == Some(KEY);
    if is_known {
        Action::Pass
    } else {
        Action::Answer(shut())
    }
}

/// Asserts that the most verbose output does not show the secrets of the gate.
#[track_caller]
fn hides(outcome: &Outcome) {
    let output = format!("{}{}", outcome.stdout, outcome.stderr);
    let pair = STANDARD.encode(format!("stage:{PASSWORD}"));
    for secret in [KEY, PASSWORD, &pair, &STANDARD.encode(KEY)] {
        assert!(!output.contains(secret), "{secret}:\n{output}");
    }
}

#[test]
fn headers_go_with_every_request_to_the_shop_and_to_nobody_else() {
    for (profile, login, api) in [
        ("2.4.3", Login::bearer(), ""),
        ("2.4.8", Login::oauth1(), ""),
        ("2.4.4", Login::admin(), ""),
        ("saas", Login::ims(""), "api: saas\n"),
    ] {
        let shop = SandboxProcess::of_generation(profile, &[]);
        let front = Proxy::before(shop.address, by_key);
        // What is not the shop's: the identity service, and the hook that reindexes.
        let beside = Proxy::before(shop.address, |_| Action::Pass);
        let login = match login.kind() {
            "ims" => login.with("token_url", &format!("{}/ims/token/v3", beside.url())),
            _ => login,
        };
        let workspace = login
            .kept_at(Workspace::new())
            .variable("DOOR_KEY", KEY)
            .variable("DOOR_ID", "robot");
        let rest = format!(
            "{api}connection:\n  headers:\n    CF-Access-Client-Id: {{ env: DOOR_ID }}\n    \
             CF-Access-Client-Secret: {{ env: DOOR_KEY }}\nprove: index\nreindex:\n  - http: {{ url: '{}/_sandbox/magento', \
             body: '{{\"argv\": [\"indexer:reindex\", \"inventory\"]}}' }}",
            beside.url()
        );
        login.write_targets(&workspace, &front.url(), &rest, 0);
        for arguments in [
            &["doctor", "-vvv"][..],
            &["plan", "-vvv", "--format", "json"],
            &["apply", "--yes", "-vvv"],
            &["plan", "--detailed-exitcode"],
        ] {
            let outcome = workspace.run(arguments).exits(0);
            hides(&outcome);
        }
        assert!(
            front.seen().iter().any(|asked| asked.method == "POST"),
            "{profile}"
        );
        assert!(
            front
                .seen()
                .iter()
                .any(|asked| asked.path.contains("dump-stock-index")),
            "{profile}"
        );
        let asked = beside.seen();
        assert!(!asked.is_empty(), "{profile}");
        for asked in asked {
            assert_eq!(header(&asked, "CF-Access-Client-Secret"), None, "{}", asked.head);
        }
    }
}

#[test]
fn basic_stands_before_the_signature() {
    let shop = SandboxProcess::of_generation("2.4.8", &[]);
    let basic = format!("Basic {}, OAuth ", STANDARD.encode(format!("stage:{PASSWORD}")));
    let front = Proxy::before(shop.address, move |asked| match header(asked, "Authorization") {
        Some(value) if value.starts_with(&basic) => Action::Pass,
        _ => Action::Answer(shut()),
    });
    let login = Login::oauth1();
    let workspace = login
        .kept_at(Workspace::new())
        .variable("STAGING_PASSWORD", PASSWORD);
    let rest = "connection: { basic: { user: stage, password: { env: STAGING_PASSWORD } } }\nreindex: cron";
    login.write_targets(&workspace, &front.url(), rest, 0);
    for (arguments, code) in [
        (&["doctor", "-vvv"][..], 0),
        (&["apply", "--yes", "-vvv"], 0),
        (&["plan", "--detailed-exitcode", "-vvv"], 0),
    ] {
        hides(&workspace.run(arguments).exits(code));
    }
}

#[test]
fn a_value_that_no_header_can_have_is_reported_by_its_name() {
    let workspace = Login::bearer()
        .kept_at(Workspace::new())
        .variable("DOOR_KEY", "schl\u{fc}ssel");
    let rest = "connection: { headers: { X-Door: { env: DOOR_KEY } } }";
    Login::bearer().write_targets(&workspace, "http://127.0.0.1:1", rest, 0);
    let output = workspace.run(&["plan"]).exits(1).stderr;
    assert!(
        output.starts_with("error: the value of the header `x-door` has characters"),
        "{output}"
    );
    assert!(!output.contains("schl"), "{output}");
    let workspace = workspace.variable("DOOR_KEY", "");
    let output = workspace.run(&["plan"]).exits(1).stderr;
    assert!(
        output.starts_with("error: empty secret: the environment variable `DOOR_KEY`"),
        "{output}"
    );
}

#[test]
fn a_gate_that_refuses_is_named_and_asked_once() {
    let shop = SandboxProcess::of_generation("2.4.8", &[]);
    for (login, said) in [
        (Login::bearer(), "a token cannot"),
        (
            Login::oauth1(),
            "name its user and password by `connection.basic`",
        ),
        (Login::admin(), "a token cannot"),
    ] {
        let front = Proxy::before(shop.address, by_key);
        let workspace = login.by_environment(Workspace::new(), &front.url());
        for command in [&["plan"][..], &["apply", "--yes"], &["doctor"]] {
            let before = front.seen().len();
            let outcome = workspace.run(command).exits(1);
            let output = format!("{}{}", outcome.stdout, outcome.stderr);
            let gate =
                "401, an access gate in front of the shop asks for a user and a password (Basic \"Staging\")";
            assert!(output.contains(gate) && output.contains(said), "{output}");
            assert_eq!(front.seen().len(), before + 1, "{output}");
        }
    }
    // A password that the gate refuses is not sent again either.
    let front = Proxy::before(shop.address, by_key);
    let login = Login::oauth1();
    let workspace = login
        .kept_at(Workspace::new())
        .variable("STAGING_PASSWORD", PASSWORD);
    let rest = "connection: { basic: { user: stage, password: { env: STAGING_PASSWORD } } }";
    login.write_targets(&workspace, &front.url(), rest, 0);
    let outcome = workspace.run(&["plan", "-vvv"]).exits(1);
    assert!(
        outcome.stderr.contains("refused the user and the password"),
        "{}",
        outcome.stderr
    );
    assert_eq!(front.seen().len(), 1);
    hides(&outcome);
}

/// Pages of firewalls show the request that they refuse.
#[test]
fn a_page_that_shows_our_headers_is_reported_without_them() {
    let echo = |asked: &Request| {
        let page = format!(
            "<title>406 {0}</title><p>Your request: {0}</p>",
            asked.head.replace("\r\n", " ")
        );
        Canned::new(406, "text/html", page)
    };
    for login in [Login::bearer(), Login::oauth1(), Login::admin()] {
        let shop = SandboxProcess::of_generation("2.4.4", &[]);
        // Who signs in gets a token; what is asked with it is refused.
        let front = Proxy::before(shop.address, move |asked| {
            if asked.path.ends_with("/token") {
                Action::Pass
            } else {
                Action::Answer(echo(asked))
            }
        });
        let workspace = login.kept_at(Workspace::new()).variable("DOOR_KEY", KEY);
        login.write_targets(
            &workspace,
            &front.url(),
            "connection: { headers: { X-Door-Key: { env: DOOR_KEY } } }",
            0,
        );
        for arguments in [&["plan", "--format", "json"][..], &["plan"], &["doctor"]] {
            let outcome = workspace.run(arguments).exits(1);
            hides(&outcome);
            let output = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(
                output.contains("Your request: ") || output.contains("a page titled"),
                "{output}"
            );
            for secret in login.secrets().map(ToOwned::to_owned).chain(shop.tokens()) {
                assert!(!output.contains(&secret), "{secret}: {output}");
            }
        }
    }
}
