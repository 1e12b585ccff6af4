//! The steps of `doctor`: each by its name, and those behind a failed one are skipped.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn a_healthy_target_step_by_step() {
    let outcome = Workspace::bare().run(&["doctor", "--sandbox"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
sandbox http://127.0.0.1:[PORT]/

host name             ok       127.0.0.1 is 127.0.0.1
connection and TLS    ok       no TLS, on this machine
base URL              ok
store code            ok
inventory modules     ok
sign-in               ok       the shop knows who asks
read stocks           ok       4 stocks
read sources          ok       15 sources
read and write links  ok       15 links
verify quantities     ok       may ask for salable quantities
page limit            ok       pages of 10000
default link          ok       stock 1 is linked with the source `default`
clock                 ok       agrees with the server's
reindex step          ok       POST http://127.0.0.1:[PORT]/_sandbox/magento (not called)
reindex               ok       by the target's own steps
guards                ok       at most 10 deletes a run, at most 30 % of a stock's links
state directory       ok       can be written
open files            ok       as many as needed

A plan and an apply can work.

"#]]
    );
}

/// The states of the checks on the way, in their order.
fn way(workspace: &Workspace, arguments: &[&str]) -> Vec<(String, String)> {
    let arguments = [&["doctor", "--format", "json"], arguments].concat();
    let report = workspace.run(&arguments).exits(1).json();
    assert_eq!(report["healthy"], false);
    let text = |check: &Value, name: &str| check[name].as_str().expect("a text").to_owned();
    let checks = report["checks"].as_array().expect("a list").iter();
    checks
        .map(|check| (text(check, "check"), text(check, "state")))
        .skip(1)
        .take(6)
        .collect()
}

fn states(way: &[(String, String)]) -> Vec<&str> {
    way.iter().map(|(_, state)| state.as_str()).collect()
}

#[test]
fn the_step_that_fails_is_named_and_those_behind_it_are_skipped() {
    let shop = SandboxProcess::demo();
    let known = Workspace::bare().at(shop.url());
    let skipped = "skipped";

    let nowhere = Workspace::bare().at("http://127.0.0.1:1");
    assert_eq!(
        states(&way(&nowhere, &[])),
        ["failed", skipped, skipped, skipped, skipped, skipped]
    );

    let page = Workspace::bare().at(format!("{}/shop", shop.url()));
    assert_eq!(
        states(&way(&page, &[])),
        ["ok", "failed", skipped, skipped, skipped, skipped]
    );

    let store = way(&known, &["--store", "nope"]);
    assert_eq!(states(&store), ["ok", "ok", "failed", skipped, skipped, skipped]);

    let token = Workspace::bare()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_TOKEN", "unknown");
    assert_eq!(
        states(&way(&token, &[])),
        ["ok", "ok", "ok", "ok", "failed", "failed"]
    );

    let user = Workspace::bare()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_ADMIN_USER", "admin")
        .variable("STOCKTAKE_ADMIN_PASSWORD", "wrong");
    assert_eq!(
        states(&way(&user, &[])),
        ["ok", "ok", "ok", skipped, "failed", skipped]
    );
}

#[test]
fn a_program_that_is_not_there_is_found_missing_and_none_is_run() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - run: [no-such-program-of-ours]\n      - run: [touch, ran]\n",
            shop.url()
        ),
    );
    let outcome = workspace.run(&["doctor"]).exits(1);
    assert!(
        outcome
            .stdout
            .contains("the program `no-such-program-of-ours` is not found"),
        "{}",
        outcome.stdout
    );
    assert!(!workspace.path("ran").exists(), "a step was run");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_step_whose_word_is_taken_and_a_proof_that_would_find_it_out() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().variable("SHOP_TOKEN", TOKEN);
    let lie = "reindex: [{ run: [\"true\"] }]";
    workspace.settings(&shop.url(), &[lie]);
    let output = workspace.run(&["doctor"]).exits(0).stdout;
    assert!(
        output.contains(
            "reindex               warning  no step visibly rebuilds the inventory index; its word is taken"
        ),
        "{output}"
    );
    workspace.settings(&shop.url(), &[lie, "prove: index"]);
    let output = workspace.run(&["doctor"]).exits(0).stdout;
    assert!(
        output.contains("proof of the index    ok       it shows the links now"),
        "{output}"
    );
    workspace.settings(&shop.url(), &[lie, "prove: { canary: [no-such-thing] }"]);
    let output = workspace.run(&["doctor"]).exits(1).stdout;
    assert!(output.contains("no canary SKU"), "{output}");
}

/// A shop as an upgrade that broke off leaves it.
fn without_default_link(workspace: &Workspace) -> SandboxProcess {
    let mut seed: Value = serde_json::from_str(testkit::shop::DEMO_SEED).expect("a seed");
    let links = seed["links"].as_array_mut().expect("links");
    links.retain(|link| link["stock_id"] != 1);
    workspace.write("seed.json", &seed.to_string());
    SandboxProcess::start(&[
        "--seed",
        workspace.path("seed.json").to_str().expect("the path is text"),
    ])
}

#[test]
fn a_missing_default_link_is_reported_with_the_call_that_makes_it_everywhere_until_it_is_made() {
    const CALL: &str = r#"POST /V1/inventory/stock-source-links {"links":[{"stock_id":1,"source_code":"default","priority":1}]}"#;
    let workspace = Workspace::new();
    let shop = without_default_link(&workspace);
    let workspace = workspace.at(shop.url());
    workspace.run(&["doctor"]).exits(1);
    workspace.run(&["export"]).exits(1);
    let commands: [&[&str]; 6] = [
        &["doctor"],
        &["plan"],
        &["drift"],
        &["status"],
        &["export"],
        &["plan", "--format", "markdown"],
    ];
    for arguments in commands {
        let outcome = workspace.run(arguments);
        let output = outcome.stdout + &outcome.stderr;
        assert!(output.contains(CALL), "{arguments:?}: {output}");
        assert!(
            output.contains("the link of the Default Stock (id 1)"),
            "{arguments:?}: {output}"
        );
    }
    let (call, body) = CALL.split_once(" {").expect("a call with a body");
    let path = call.strip_prefix("POST /").expect("a path");
    let body = serde_json::from_str(&format!("{{{body}")).expect("JSON");
    shop.post(&format!("/rest/all/{path}"), &body);
    workspace.run(&["doctor"]).exits(0);
    assert!(!workspace.run(&["plan"]).stdout.contains(CALL));
}

#[test]
fn a_state_directory_that_cannot_be_written_is_reported_and_nothing_is_left_in_one_that_can() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().at(shop.url());
    let outcome = workspace.run(&["doctor"]).exits(0);
    assert!(
        outcome
            .stdout
            .contains("state directory       ok       can be written"),
        "{}",
        outcome.stdout
    );
    assert!(!workspace.path(".stocktake").exists(), "doctor left something");
    workspace.write("file", "");
    let outcome = workspace.run(&["doctor", "--state-dir", "file/state"]).exits(1);
    assert!(
        outcome.stdout.contains("state directory       FAILED"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("name another by `--state-dir`"),
        "{}",
        outcome.stdout
    );
}

/// No other command would go on.
#[test]
fn a_journal_that_cannot_be_read_is_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    for (line, output) in [
        ("what is this\n", "is damaged at line"),
        ("{\"version\":2}\n", "was written by a newer stocktake"),
    ] {
        let whole = std::fs::read(workspace.journal()).expect("it is there");
        let with_more = [&whole[..], line.as_bytes()].concat();
        std::fs::write(workspace.journal(), with_more).expect("it can be written");
        let report = workspace.run(&["doctor"]).exits(1).stdout;
        assert!(report.contains(output), "{report}");
        std::fs::write(workspace.journal(), whole).expect("it can be written");
    }
}
