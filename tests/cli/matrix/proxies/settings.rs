//! Which proxy is asked, and settings that name none.

use serde_json::Value;

use super::{BEARER, SHOP, asked, tells, who, workspace};
use testkit::proxy::{Canned, Proxy};

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
        let output = workspace(SHOP, BEARER)
            .variable(variable, value)
            .run(&["plan"])
            .exits(1)
            .stderr;
        assert!(output.starts_with(&format!("error: {said}")), "{output}");
        assert!(!output.contains("p@ss") && !output.contains("p#ss"), "{output}");
        // A host that is asked without a proxy is not in its way.
        let workspace = workspace(SHOP, BEARER)
            .variable(variable, value)
            .variable("NO_PROXY", ".invalid");
        let output = workspace.run(&["plan"]).exits(1).stderr;
        assert!(
            output.contains("no connection to the server") && !output.contains("proxy"),
            "{output}"
        );
    }
}

#[test]
fn the_proxy_that_is_reported_is_the_one_that_is_asked() {
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
