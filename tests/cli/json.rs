//! A program that asked for JSON gets one complete document on standard output, whatever the exit code.

use serde_json::{Value, json};

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const BROKEN: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, leipzig]\n";

/// The document of a run that must end with that code, and say so itself.
#[track_caller]
fn document(workspace: &Workspace, arguments: &[&str], code: i32) -> Value {
    let document = workspace.run(arguments).exits(code).json();
    assert_eq!(document["format_version"], 1, "{document}");
    assert_eq!(document["exit_code"], code, "{document}");
    document
}

#[test]
fn an_apply_that_is_done() {
    let report = document(
        &Workspace::new(),
        &["apply", "--sandbox", "--yes", "--format", "json"],
        0,
    );
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "done");
    assert_eq!(report["plan"]["summary"]["deletes"], 2);
    let results = report["stocks"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|stock| {
            stock["changes"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|change| change["result"].clone())
        });
    assert_eq!(results.collect::<Vec<_>>(), vec![json!("done"); 8]);
}

#[test]
fn an_apply_whose_reindex_is_owed() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    let report = document(&workspace, &["apply", "--yes", "--format", "json"], 6);
    assert_eq!(report["reindex"]["state"], "failed");
    assert_eq!(report["reindex"]["steps"][0]["failure"]["reason"], "webhook");
    let report = document(&workspace, &["reindex", "--format", "json"], 6);
    assert_eq!(report["reindex"]["state"], "failed");
}

#[test]
fn a_failure_of_every_kind() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with(BROKEN).at(shop.url());
    for command in [
        &["plan", "--format", "json"][..],
        &["apply", "--yes", "--format", "json"],
        &["status", "--format", "json"],
    ] {
        let failure = document(&workspace, command, 1);
        assert_eq!(
            failure["diagnostics"].as_array().map(Vec::len),
            Some(1),
            "{failure}"
        );
    }

    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_TOKEN", "bad");
    let failure = document(&workspace, &["apply", "--yes", "--format", "json"], 1);
    assert!(failure["error"].as_str().expect("a text").contains("401"));
    assert_eq!(failure["hints"].as_array().map(Vec::len), Some(1));

    let failure = document(&Workspace::new(), &["plan", "--format", "json"], 64);
    assert!(failure["error"].as_str().expect("a text").contains("no target"));
    document(&Workspace::new(), &["apply", "--format", "json", "--sandbox"], 64);
    document(
        &Workspace::new(),
        &["plan", "--format", "json", "--sandbox", "--allow", "all"],
        64,
    );
    document(&Workspace::bare(), &["validate", "--format", "json"], 1);
}

#[test]
fn a_refusal_carries_the_plan() {
    let shop = SandboxProcess::demo();
    let workspace =
        Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n").at(shop.url());
    let failure = document(&workspace, &["apply", "--yes", "--format", "json"], 3);
    assert_eq!(failure["plan"]["summary"]["deletes"], 4);
    assert_eq!(failure["plan"]["guards"][0]["effect"], "refused");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_apply_that_is_partly_done() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            let body = r#"{"message":"Can not delete link related to %1","parameters":["X"]}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        Action::Pass
    });
    let report = document(
        &Workspace::new().at_without_waits(&proxy.url()),
        &["apply", "--yes", "--format", "json"],
        5,
    );
    assert!(
        report["stopped_by"]
            .as_str()
            .expect("a text")
            .ends_with("400 Can not delete link related to X")
    );
    assert_eq!(report["stocks"][1]["changes"][0]["result"], "failed");
    assert_eq!(report["stocks"][1]["changes"][1]["result"], "done");
    assert_eq!(report["proof"]["state"], "left");
    assert_eq!(report["proof"]["plan"]["summary"]["deletes"], 2);
    assert_eq!(report["reindex"]["state"], "not_tried");
}

#[test]
fn a_stale_plan_carries_the_plan_as_it_is_now() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.nth == 2 && asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| body.replace(r#""priority":8"#, r#""priority":80"#));
        }
        Action::Pass
    });
    let workspace = Workspace::new().at(proxy.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let failure = document(
        &workspace,
        &["apply", "--yes", "--format", "json", "plan.json"],
        4,
    );
    assert_eq!(
        failure["plan"]["stocks"][0]["before"][6]["priority"], 9,
        "{failure}"
    );
    assert_eq!(
        failure["differences"],
        json!([{
            "difference": "link",
            "stock": "North America Stock",
            "source_code": "hq",
            "was": 8,
            "now": 80,
        }]),
        "{failure}"
    );
    assert_eq!(shop.writes(), 0);
}
