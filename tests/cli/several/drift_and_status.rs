//! Commands that only read, for several targets: `drift`, `status`, `doctor` and `targets`.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{Shops, codes, summary, targets};
use testkit::workspace::Workspace;

#[test]
fn targets_in_sync_are_reported_one_after_the_other_as_they_were_named() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let outcome = shops.run(&["drift", "--target", "us,eu"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
== us ==
us http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed; the index does not show yet that the shop's cron has run it
         North America Stock is stale, 3 SKUs out of date
         Europe Stock is stale, 3 SKUs out of date
In sync.

== eu ==
eu http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed; the index does not show yet that the shop's cron has run it
         North America Stock is stale, 3 SKUs out of date
         Europe Stock is stale, 3 SKUs out of date
In sync.

Targets: us in sync, eu in sync.

"#]]
    );
    assert_eq!(outcome.stderr, "");
    let separate = shops.run(&["drift", "--target", "us", "--target", "eu"]).exits(0);
    assert_eq!(summary(&separate), "Targets: us in sync, eu in sync.");
}

#[test]
fn a_target_that_drifted_is_reported_beside_one_that_is_in_sync() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
    let outcome = shops.run(&["drift", "--target", "eu,us"]).exits(2);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us in sync.");
    let document = shops.document(&["drift", "--target", "eu,us"], 2);
    assert_eq!(codes(&document), [("eu", 2), ("us", 0)]);
    assert_eq!(document["targets"][0]["report"]["plan"]["summary"]["deletes"], 2);
    assert_eq!(document["targets"][1]["report"]["plan"]["summary"]["deletes"], 0);
}

#[test]
fn a_target_that_cannot_be_reached_stops_no_other_and_weighs_more_than_drift() {
    let shops = Shops::new();
    let outcome = shops.run(&["drift", "--all-targets", "--quiet"]).exits(1);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us drifted, asia failed.");
    assert!(
        outcome
            .stdout
            .contains("\n== asia ==\nerror: GET /rest/all/V1/inventory/"),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.stderr, "", "it is told once");

    let document = shops.document(&["drift", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 2), ("us", 2), ("asia", 1)]);
    assert_eq!(document["targets"][2]["report"], json!(null));
    assert_eq!(document["targets"][2]["error"]["exit_code"], 1);
    let outcome = shops
        .run(&["drift", "--all-targets", "--quiet", "--format", "json"])
        .exits(1);
    assert!(
        outcome.stderr.lines().all(|line| line.starts_with("asia: ")),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.starts_with("asia: error: GET "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_secret_that_is_not_there_stops_its_target_alone() {
    let shops = Shops::new();
    let auth = "auth: { bearer: { env: NO_SUCH_TOKEN } }";
    let text = format!(
        "version: 1\ntargets:\n  eu:\n    url: {}\n    {auth}\n  us:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n",
        shops.eu.url(),
        shops.us.url()
    );
    shops.workspace.write("targets.yaml", &text);
    let document = shops.document(&["drift", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 1), ("us", 2)]);
    let error = document["targets"][0]["error"]["error"].as_str();
    assert_eq!(error, Some("the environment variable `NO_SUCH_TOKEN` is not set"));
}

#[test]
fn status_and_doctor_tell_of_several_too() {
    let shops = Shops::new();
    let document = shops.document(&["status", "--target", "eu,us"], 0);
    assert_eq!(document["targets"][1]["report"]["target"]["name"], "us");
    let document = shops.document(&["doctor", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 0), ("us", 0), ("asia", 1)]);
    let outcome = shops.run(&["status", "--target", "eu,us"]).exits(0);
    assert_eq!(summary(&outcome), "Targets: eu different, us different.");
}

#[test]
fn the_last_line_of_a_status_says_what_stands_above_it() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let outcome = shops.run(&["status", "--target", "eu,us"]).exits(0);
    assert_eq!(summary(&outcome), "Targets: eu in sync, us in sync.");
    let arguments = ["status", "--target", "eu,us", "--prove", "index"];
    let outcome = shops.run(&arguments).exits(0);
    assert_eq!(
        summary(&outcome),
        "Targets: eu with a stale index, us with a stale index."
    );
}

#[test]
fn what_is_wrong_with_the_files_is_reported_once() {
    let shops = Shops::new();
    shops.workspace.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hq, hq]\n",
    );
    for command in ["plan", "drift", "status", "apply"] {
        let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
        let arguments = [&[command, "--all-targets", "--format", "json"], yes].concat();
        let outcome = shops.run(&arguments).exits(1);
        assert_eq!(outcome.json()["error"], "the files cannot be used");
        assert_eq!(
            outcome.stderr.matches("duplicate-link").count(),
            1,
            "{}",
            outcome.stderr
        );
    }
    assert!(shops.eu.methods().is_empty());
}

#[test]
fn one_file_of_metrics_holds_all_targets_and_hooks_are_reported_where_there_are_any() {
    let shops = Shops::new();
    let outcome = shops
        .run(&["drift", "--all-targets", "--notify", "--metrics", "drift.prom"])
        .exits(64);
    assert!(
        outcome.stderr.contains("the targets name no web hook"),
        "{}",
        outcome.stderr
    );
    let hook = "notify: [{ webhook: { env: HOOK } }]";
    let cron = "reindex: cron";
    targets(
        &shops.workspace,
        &[("eu", &shops.eu.url(), hook), ("us", &shops.us.url(), cron)],
    );
    let arguments = ["drift", "--all-targets", "--notify", "--metrics", "drift.prom"];
    let document = shops.document(&arguments, 2);
    let output = &document["targets"][0]["report"]["notifications"];
    assert_eq!(output.as_array().map(Vec::len), Some(1), "{output}");
    assert_eq!(document["targets"][1]["report"]["notifications"], json!(null));
    let metrics = std::fs::read_to_string(shops.workspace.path("drift.prom")).expect("the file is there");
    for line in [
        r#"stocktake_drift_exit_code{target="eu"} 2"#,
        r#"stocktake_drift_exit_code{target="us"} 2"#,
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert_eq!(metrics.matches("# TYPE stocktake_drift_exit_code").count(), 1);
}

#[test]
fn targets_are_listed_offline_without_a_secret() {
    let workspace = Workspace::bare();
    workspace.write(
        "targets.yaml",
        "version: 1\ntargets:\n  eu:\n    url: https://eu.example.com\n    default: true\n    auth: { bearer: { file: eu.token } }\n    \
         connection: { ca_file: ca.pem }\n    reindex: cron\n  us:\n    url: https://us.example.com/shop\n    auth:\n      \
         admin: { user: { env: NOBODY }, password: { command: [no-such-program] } }\n    \
         reindex: [{ run: [bin/magento, indexer:reindex] }]\n",
    );
    let outcome = workspace.run(&["targets"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
┌───────────────────────────────────────────────────────────────────────────────────────┐
│ Target   URL                            Auth     Files              Reindex   Default │
╞═══════════════════════════════════════════════════════════════════════════════════════╡
│ eu       https://eu.example.com/        bearer   eu.token, ca.pem   cron      default │
│ us       https://us.example.com/shop/   admin                       steps             │
└───────────────────────────────────────────────────────────────────────────────────────┘

"#]]
    );
    assert_eq!(outcome.stderr, "");
    let matrix = workspace.run(&["targets", "--format", "github-matrix"]).exits(0);
    assert_eq!(
        matrix.stdout,
        "{\"include\":[{\"target\":\"eu\"},{\"target\":\"us\"}]}\n"
    );
    let list = workspace.run(&["targets", "--format", "json"]).exits(0).json();
    let schema = workspace.run(&["schema", "target-list"]).exits(0).json();
    let wrong = jsonschema::validate(&schema, &list).map_err(|error| error.to_string());
    assert_eq!(wrong, Ok(()));
    assert_eq!(list["targets"][0]["files"], json!(["eu.token", "ca.pem"]));
    let failure = workspace
        .run(&["targets", "--targets", "none.yaml", "--format", "json"])
        .exits(1);
    assert_eq!(failure.json()["error"], "there is no none.yaml");
}
