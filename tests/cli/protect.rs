//! `protect` in targets.yaml: deletes of those stocks are refused, and no flag lifts that.

use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const ONE_DELETE: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, hq]\n";

/// A workspace whose target protects those stocks.
fn workspace(shop: &SandboxProcess, protect: &str) -> Workspace {
    let workspace = Workspace::with(ONE_DELETE).variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex: cron\n    protect: {protect}\n",
            shop.url()
        ),
    );
    workspace
}

#[test]
fn the_plan_shows_the_refusal_and_apply_refuses() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, "[EUROPE STOCK]");
    let outcome = workspace.run(&["plan"]).exits(3);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Europe Stock (stock 3): 1 to delete  inventory.yaml:3:11
    before  after
  -      4         baltimore_wh  delete, priority 4
         ⋮  3 unchanged

Other stocks: 2 unmanaged and left alone.
guard: refused: a link of the protected stock `Europe Stock` would be deleted; no flag lifts that; if it is meant, take the stock out of `protect` in targets.yaml
Refused by a guard: 1 to delete in 1 stock, then a reindex.

"#]]
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(3);
    let every = [
        "apply",
        "--yes",
        "--allow=deletes",
        "--allow=delete-percent=Europe Stock",
        "--allow=empty-stock=Europe Stock",
        "--allow=disabled-only=Europe Stock",
        "--allow=doubtful-deletes",
    ];
    let outcome = workspace.run(&every).exits(3);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: refused by a guard; nothing was written
  because: a link of the protected stock `Europe Stock` would be deleted
  help: no flag lifts that; if it is meant, take the stock out of `protect` in targets.yaml

"#]]
    );
    let report = workspace
        .run(&["apply", "--yes", "--format", "json"])
        .exits(3)
        .json();
    let guard = &report["plan"]["guards"][0];
    assert_eq!(guard["guard"], "protected");
    assert_eq!(guard["stock"], "Europe Stock");
    assert!(guard.get("allowance").is_none(), "{guard}");
    assert_eq!(report["plan"]["stocks"][0]["protected"], true);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn it_is_no_guard_by_that_name() {
    let outcome = Workspace::new()
        .run(&["plan", "--sandbox", "--allow", "protected=Europe Stock"])
        .exits(64);
    assert!(
        outcome.stderr.contains("there is no guard `protected`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_name_that_protects_nothing_is_warned_of() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, "[Europa Stock]");
    let outcome = workspace.run(&["plan"]).exits(0);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
warning[unknown-protected-stock]: `protect` names `Europa Stock`, which the target does not have: did you mean `Europe Stock`?

"#]]
    );
    let plan = workspace.run(&["plan", "--format", "json"]).exits(0).json();
    assert_eq!(plan["warnings"][0]["rule"], "unknown-protected-stock");
    assert_eq!(workspace.run(&["plan", "-q"]).exits(0).stderr, "");
}
