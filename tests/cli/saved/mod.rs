//! Saved plans: `plan --out`, `show` and `apply PLAN`, which applies exactly the plan or nothing.

mod edited;
mod guards;
mod round_trip;
mod stale;

use serde_json::Value;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// A shop with a workspace at which a plan has been saved.
fn saved() -> (SandboxProcess, Workspace) {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    (shop, workspace)
}

fn text(workspace: &Workspace, name: &str) -> String {
    std::fs::read_to_string(workspace.path(name)).expect("the file can be read")
}

fn document(workspace: &Workspace) -> Value {
    serde_json::from_str(&text(workspace, "plan.json")).expect("a plan is JSON")
}

/// Applies the saved plan as a program does.
fn apply(workspace: &Workspace, code: i32) -> Value {
    let report = workspace.run(&["apply", "plan.json", "--yes", "--format", "json"]);
    let report = report.exits(code).json();
    assert_eq!(report["exit_code"], code, "{report}");
    report
}

/// The kinds of the differences that a report tells.
fn kinds(report: &Value) -> Vec<&str> {
    let list = report["differences"].as_array().expect("a list");
    let kinds = list.iter().map(|found| found["difference"].as_str());
    kinds.map(|kind| kind.expect("a text")).collect()
}
