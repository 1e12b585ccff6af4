//! `doctor` without a credential: the table is there, and says what to do.

use snapbox::{assert_data_eq, str};

use testkit::workspace::Workspace;

#[test]
fn no_credential_is_a_line_of_the_table() {
    let outcome = Workspace::bare()
        .run(&["doctor", "--url", "http://127.0.0.1:1"])
        .exits(1);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
127.0.0.1:[PORT] http://127.0.0.1:[PORT]/

host name             ok       127.0.0.1 is 127.0.0.1
credentials           FAILED   no credential is given for --url
                               help: put a token into STOCKTAKE_TOKEN or a file (--token-file); docs/how-to/integration.md lists other ways to sign in
connection and TLS    skipped
base URL              skipped
store code            skipped
inventory modules     skipped
sign-in               skipped
read stocks           skipped
read sources          skipped
read and write links  skipped
verify quantities     skipped
page limit            skipped
default link          skipped
guards                ok       at most 10 deletes a run, at most 30 % of a stock's links
state directory       ok       can be written
open files            ok       as many as needed

A plan or an apply cannot work yet.

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn so_is_a_secret_of_a_target_that_cannot_be_read() {
    let workspace = Workspace::bare();
    workspace.settings("http://127.0.0.1:1", &["reindex: cron"]);
    let report = workspace.run(&["doctor", "--format", "json"]).exits(1).json();
    assert_eq!(report["healthy"], false);
    let check = |name: &str| {
        let checks = report["checks"].as_array().expect("a list").iter();
        let found = checks.clone().find(|check| check["check"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {report}")).clone()
    };
    assert_eq!(check("credentials")["state"], "failed");
    let detail = check("credentials")["detail"].to_string();
    assert!(detail.contains("SHOP_TOKEN"), "{detail}");
    assert_eq!(check("sign-in")["state"], "skipped");
    assert_eq!(check("state directory")["state"], "ok");
}
