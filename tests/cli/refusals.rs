//! Guards: exit 3 and nothing written, each lifted by its own flag and by no other.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const EUROPE_EMPTY: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";
const EUROPE_HALF: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin]\n";

#[test]
fn a_refused_plan_writes_nothing_and_names_the_flag() {
    let shop = SandboxProcess::demo();
    let outcome = Workspace::with(EUROPE_HALF)
        .at(shop.url())
        .run(&["apply", "--yes"])
        .exits(3);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: refused by a guard; nothing was written
  because: 2 of the 4 links of `Europe Stock` would be deleted, more than 30 %
  help: if that is meant: --allow 'delete-percent=Europe Stock'

"#]]
    );
    assert!(outcome.stdout.contains("Refused by a guard:"));
    assert_eq!(shop.writes(), 0);
}

#[test]
fn emptying_a_stock_is_allowed_by_its_own_flag_alone() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with(EUROPE_EMPTY).at(shop.url());
    let part = "delete-percent=Europe Stock";
    let empty = "empty-stock=europe stock";
    workspace.run(&["apply", "--yes"]).exits(3);
    workspace.run(&["apply", "--yes", "--allow", part]).exits(3);
    workspace
        .run(&["apply", "--yes", "--allow", part, "--allow", "deletes"])
        .exits(3);
    assert_eq!(shop.writes(), 0);
    let applied = workspace.run(&["apply", "--yes", "--allow", empty]).exits(0);
    assert_eq!(shop.links(3), []);
    // Each guard names the flag that has lifted it.
    let lifted = "guard: allowed by --allow 'empty-stock=";
    assert_eq!(applied.stdout.matches(lifted).count(), 2, "{}", applied.stdout);
    assert!(!applied.stdout.contains("delete-percent"), "{}", applied.stdout);
}

#[test]
fn the_limits_of_a_target_are_its_own() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             guard: {{ max_deletes: 1 }}\n    reindex: cron\n",
            shop.url()
        ),
    );
    let outcome = workspace.run(&["apply", "--yes"]).exits(3);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: refused by a guard; nothing was written
  because: 2 links would be deleted, more than 1
  help: if that is meant: --allow 'deletes'

"#]]
    );
    assert_eq!(shop.writes(), 0);
    workspace.run(&["apply", "--yes", "--allow", "deletes"]).exits(0);
}

#[test]
fn a_stock_of_disabled_sources_alone_is_refused() {
    let folder = Workspace::bare();
    let mut seed: Value = serde_json::from_str(testkit::shop::DEMO_SEED).expect("a seed is JSON");
    for source in seed["sources"].as_array_mut().expect("a list") {
        if source["source_code"] == "berlin" {
            source["enabled"] = json!(false);
        }
    }
    folder.write("seed.json", &seed.to_string());
    let shop = SandboxProcess::start(&[
        "--seed",
        folder.path("seed.json").to_str().expect("the path is text"),
    ]);
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [berlin]\n")
        .at(shop.url());
    let part = "delete-percent=Outlet Stock";
    let outcome = workspace.run(&["apply", "--yes", "--allow", part]).exits(3);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
warning[disabled-source]: source `berlin` is disabled on the target and serves nothing in `Outlet Stock`  inventory.yaml:4:15
error: refused by a guard; nothing was written
  because: `Outlet Stock` would be served by disabled sources only (1)
  help: if that is meant: --allow 'disabled-only=Outlet Stock'

"#]]
    );
    assert_eq!(shop.writes(), 0);
    workspace
        .run(&[
            "apply",
            "--yes",
            "--allow",
            part,
            "--allow",
            "disabled-only=Outlet Stock",
        ])
        .exits(0);
}
