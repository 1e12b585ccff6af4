//! Proxies of the environment: one that refuses a password is asked once, one that is dead or refuses is named, and the one
//! that is asked is the one that is told of.

mod passwords;
mod settings;

use testkit::proxy::{Canned, Proxy, Request};
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
    let output = format!("{}{}", outcome.stdout, outcome.stderr);
    for what in what {
        assert!(output.contains(what), "{what}:\n{output}");
    }
    assert!(!output.contains(PASSWORD), "{output}");
}

fn target(name: &str, url: &str, auth: &str) -> String {
    format!(
        "  {name}:\n    url: {url}\n    auth: {auth}\n    reindex: cron\n    connection: {{ retry_pause: 1ms }}\n    \
         notify:\n      - webhook: {{ env: HOOK }}\n"
    )
}

const BEARER: &str = "{ bearer: { env: SHOP_TOKEN } }";
