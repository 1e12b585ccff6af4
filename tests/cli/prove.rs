//! `--prove`: what is proven of the index, what is owed where it is not, and how long a run waits for it.

use serde_json::json;

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const LIE: &str = "reindex: [{ run: [\"true\"] }]";

fn workspace(shop: &SandboxProcess, settings: &[&str]) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), settings);
    workspace
}

/// The shop's own command line as the only step.
fn hook(shop: &SandboxProcess) -> String {
    let body = "{\"argv\": [\"indexer:reindex\", \"inventory\"]}";
    format!(
        "reindex: [{{ http: {{ url: '{}', body: '{body}' }} }}]",
        shop.hook()
    )
}

#[test]
fn a_step_that_rebuilds_nothing_is_found_out_and_the_reindex_stays_owed() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &[LIE, "prove: index", "prove_timeout: 1s"]);
    let applied = workspace.run(&["apply", "--yes", "--format", "json"]).exits(6);
    let report = applied.json();
    assert_eq!(report["exit_code"], 6);
    assert_eq!(report["reindex"]["state"], "done");
    assert_eq!(report["index"]["verdict"], "stale");
    assert_eq!(report["index"]["stocks"][1]["name"], "Europe Stock");
    let status = workspace.run(&["status", "--prove", "links"]).exits(0);
    assert!(status.stdout.contains("Reindex: owed"), "{}", status.stdout);

    workspace.settings(&shop.url(), &[&hook(&shop), "prove: index"]);
    let writes = shop.writes();
    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(shop.writes(), writes, "no link is written again");
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
}

#[test]
fn the_word_of_a_step_is_taken_where_only_links_are_proven() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &[LIE, "prove: index", "prove_timeout: 1s"]);
    let applied = workspace.run(&["apply", "--yes", "--prove", "links"]).exits(0);
    assert!(
        applied
            .stderr
            .contains("warning: no reindex step visibly rebuilds the inventory index"),
        "{}",
        applied.stderr
    );
    workspace.run(&["reindex"]).exits(6);
}

#[test]
fn a_proof_pays_what_was_left_to_cron() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &["reindex: cron", "prove_timeout: 1s"]);
    workspace.run(&["apply", "--yes", "--prove", "index"]).exits(6);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );

    shop.magento(&["cron:run", "--group=index"]);
    let applied = workspace.run(&["apply", "--yes", "--prove", "index"]).exits(0);
    assert!(
        applied.stdout.contains("Outlet Stock shows the links"),
        "what was owed before may concern any stock: {}",
        applied.stdout
    );
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
}

#[test]
fn a_wait_step_ends_when_the_index_shows_the_links() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &["reindex: [{ wait: { interval: 1s }, timeout: 60s }]"]);
    let mut apply = workspace
        .command(&["apply", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut waited = false;
    for line in BufReader::new(apply.stderr.take().expect("it is piped")).lines() {
        let line = line.expect("output is UTF-8");
        if !waited && line.contains("the index does not show the links yet") {
            waited = true;
            shop.magento(&["cron:run", "--group=index"]);
        }
    }
    assert!(waited, "it found the index as wanted before cron had run");
    assert_eq!(apply.wait().expect("it ends").code(), Some(0));
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
}

#[test]
fn a_wait_step_that_waits_in_vain_leaves_the_reindex_owed() {
    let shop = SandboxProcess::demo();
    // No time is left for a second look, and much for the first one on a busy machine.
    let workspace = workspace(&shop, &["reindex: [{ wait: { interval: 20s }, timeout: 20s }]"]);
    let applied = workspace.run(&["apply", "--yes"]).exits(6);
    assert!(
        applied.stdout.contains(
            "`wait for the index`: the index does not show the links: North America Stock is stale; Europe Stock is stale"
        ),
        "{}",
        applied.stdout
    );
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );
}

#[test]
fn a_canary_is_looked_at_alone() {
    let shop = SandboxProcess::demo();
    let canary = "prove: { canary: [camp-stove] }";
    let workspace = workspace(&shop, &[LIE, canary, "prove_timeout: 1s"]);
    // Of this product no link changes anything that the index holds; of the others they do.
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["drift", "--prove", "canary"]).exits(0);
    let report = workspace
        .run(&["drift", "--prove", "index", "--format", "json"])
        .exits(2)
        .json();
    let stale: Vec<_> = report["index"]["stocks"][0]["mismatches"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|mismatch| (&mismatch["sku"], &mismatch["predicted"], &mismatch["indexed"]))
        .collect();
    assert_eq!(
        json!(stale),
        json!([
            ["alpine-jacket", 42.0, 17.0],
            ["canvas-tent", null, 40.0],
            ["trail-boot", 18.0, null]
        ])
    );
    workspace.settings(
        &shop.url(),
        &[LIE, "prove: { canary: [ALPINE-jacket] }", "prove_timeout: 1s"],
    );
    workspace.run(&["drift"]).exits(2);
    workspace.settings(&shop.url(), &[LIE, "prove: { canary: [no-such-thing] }"]);
    let outcome = workspace.run(&["drift"]).exits(1);
    assert!(outcome.stdout.contains("no canary SKU"), "{}", outcome.stdout);
}

#[test]
fn a_canary_must_be_named_by_the_target() {
    let outcome = Workspace::new()
        .run(&["drift", "--sandbox", "--prove", "canary"])
        .exits(64);
    assert!(outcome.stderr.contains("names no products"), "{}", outcome.stderr);
}

/// Rows of products that no linked source has are stale, unless the products have no items at all: a read of their items
/// that may be incomplete tells neither.
#[test]
fn rows_that_only_an_incomplete_read_explains_are_not_proven() {
    let shop = SandboxProcess::demo();
    let emptied = "version: 1\nstocks:\n  - { name: Europe Stock, sources: [] }\n";
    let workspace = Workspace::with(emptied).variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), &[LIE]);
    let empty = "empty-stock=Europe Stock";
    let percent = "delete-percent=Europe Stock";
    workspace
        .run(&["apply", "--yes", "--allow", empty, "--allow", percent])
        .exits(0);
    workspace.run(&["drift", "--prove", "index"]).exits(2);
    let proxy = Proxy::before(shop.address, |asked| {
        let asks_for_products = asked.path.ends_with("/source-items") && asked.query.contains("=sku");
        if asks_for_products {
            let missing = r#"{"items": null, "total_count": 3}"#;
            return Action::Answer(Canned::new(200, "application/json", missing));
        }
        Action::Pass
    });
    workspace.settings(&proxy.url(), &[LIE]);
    let drift = workspace.run(&["drift", "--prove", "index", "--format", "json"]);
    let report = drift.exits(1).json();
    assert_eq!(report["index"]["verdict"], "unknown", "{report}");
}
