//! Guards judge a saved plan as they judged it when it was made.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{apply, document, kinds, text};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";

#[test]
fn a_guard_judges_the_saved_plan_as_it_judged_the_plan() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with(EMPTIED).at(shop.url());
    workspace
        .run(&["plan", "--out", "plan.json", "--detailed-exitcode"])
        .exits(3);
    let report = apply(&workspace, 3);
    assert_eq!(report["plan"]["guards"], document(&workspace)["guards"]);
    // Neither a flag that was not reviewed nor an edited verdict lifts it.
    let allow = [
        "--allow",
        "empty-stock=Europe Stock",
        "--allow",
        "delete-percent=Europe Stock",
    ];
    workspace
        .run(&[&["apply", "plan.json", "--yes"], &allow[..]].concat())
        .exits(64);
    let mut edited = document(&workspace);
    edited["guards"] = json!([]);
    edited["allowances"] = json!(["empty-stock=Europe Stock", "delete-percent=Europe Stock"]);
    workspace.write("plan.json", &edited.to_string());
    assert_eq!(kinds(&apply(&workspace, 4)), ["guards"]);
    assert_eq!(shop.writes(), 0);
    // What was lifted when it was planned, the reviewer has seen.
    workspace
        .run(&[&["plan", "--out", "plan.json"], &allow[..]].concat())
        .exits(0);
    let shown = workspace.run(&["show", "plan.json"]).exits(0);
    assert!(
        shown
            .stdout
            .contains("guard: allowed by --allow 'empty-stock=Europe Stock'"),
        "{}",
        shown.stdout
    );
    let report = apply(&workspace, 0);
    assert_eq!(report["plan"]["allowances"], document(&workspace)["allowances"]);
    assert!(shop.links(3).is_empty());
}

#[test]
fn limits_that_were_tightened_since_make_it_stale() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    let targets = |more: &str| {
        workspace.target(&shop.url(), &shop.hook(), "60s");
        let text = text(&workspace, "targets.yaml");
        workspace.write("targets.yaml", &(text + more));
    };
    targets("");
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    targets("    protect: [Europe Stock]\n");
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    let (_, output) = outcome
        .stderr
        .split_once("No longer")
        .expect("it says what changed");
    assert_data_eq!(
        output,
        str![[r#"
 as planned:
  guard: now refused: a link of the protected stock `Europe Stock` would be deleted
error: the saved plan no longer holds; nothing was written
  help: make a new plan with `stocktake plan --out PATH` and have it reviewed

"#]]
    );
    assert_eq!(kinds(&apply(&workspace, 4)), ["guards"]);
    targets("    guard: { max_deletes: 5 }\n");
    apply(&workspace, 0);
}
