//! A saved plan is the plan: saved, shown in every format, and applied as it is.

use serde_json::{Value, json};

use super::{apply, document, kinds, saved, text};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn what_was_planned_is_shown_again_and_applied() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let planned = workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    assert!(planned.stderr.starts_with("saved to plan.json, valid until 20"));
    assert!(!text(&workspace, "plan.json").contains(TOKEN));

    // Without shop and inventory, on another workspace.
    let elsewhere = Workspace::bare();
    elsewhere.write("plan.json", &text(&workspace, "plan.json"));
    let shown = elsewhere.run(&["show", "plan.json"]).exits(0);
    assert_eq!(shown.stdout, planned.stdout);
    assert!(shown.stderr.contains(", valid until 20"), "{}", shown.stderr);
    assert!(
        !shown.stderr.contains('.'),
        "no fraction of a second: {}",
        shown.stderr
    );
    let shown = elsewhere
        .command(&["show", "plan.json", "--format", "json"])
        .output();
    let shown = shown.expect("the binary can be started").stdout;
    assert_eq!(String::from_utf8_lossy(&shown), text(&workspace, "plan.json"));

    let applied = workspace.run(&["apply", "plan.json", "--yes"]).exits(0);
    assert!(applied.stdout.ends_with("Applied.\n"), "{}", applied.stdout);
    assert_eq!(shop.writes(), 2);
    // Once it is applied it no longer holds, and says why.
    let again = apply(&workspace, 4);
    let error = again["error"].as_str().expect("a text");
    assert!(error.starts_with("this plan was applied at 20"), "{error}");
    assert!(error.ends_with("Z; nothing was written now"), "{error}");
    assert!(!kinds(&again).is_empty(), "{again}");
    assert_eq!(shop.writes(), 2);
}

#[test]
fn a_file_is_the_same_one_however_its_path_is_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let plan = ["plan", "--out", "plan.json", "-f"];
    for (planned, applied) in [
        ("./inventory.yaml", "inventory.yaml"),
        (".", "inventory.yaml"),
        ("inventory.yaml", ".//./inventory.yaml"),
    ] {
        workspace.run(&[plan.as_slice(), &[planned]].concat()).exits(0);
        assert_eq!(document(&workspace)["inputs"][0]["path"], "inventory.yaml");
        let apply = ["apply", "plan.json", "--yes", "-f", applied];
        workspace.run(&apply).exits(0);
        workspace.run(&["rollback", "--yes"]).exits(0);
    }
}

#[test]
fn every_form_of_a_plan_can_be_had_of_a_saved_one() {
    let (_shop, workspace) = saved();
    for form in ["text", "markdown", "html", "github", "sarif", "junit"] {
        let plan = ["plan", "--out", "plan.json", "--format", form];
        let planned = workspace.run(&plan).exits(0).stdout;
        assert_eq!(
            workspace
                .run(&["show", "plan.json", "--format", form])
                .exits(0)
                .stdout,
            planned,
            "{form}"
        );
    }
}

#[test]
fn the_saved_plan_is_the_one_document() {
    let (_shop, workspace) = saved();
    let mut printed = workspace.run(&["plan", "--format", "json"]).exits(0).json();
    let mut retained = document(&workspace);
    for time in ["created_at", "expires_at"] {
        printed[time] = Value::Null;
        retained[time] = Value::Null;
    }
    // The workspace masks ports in what is printed.
    retained["target"] = printed["target"].clone();
    assert_eq!(retained, printed);
    assert_eq!(printed["allowances"], json!([]));
}

#[test]
fn standard_input_can_be_shown() {
    let (_shop, workspace) = saved();
    let mut command = workspace.command(&["show", "-"]);
    let file = std::fs::File::open(workspace.path("plan.json")).expect("the file is there");
    let shown = command.stdin(file).output().expect("the binary can be started");
    assert_eq!(shown.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Plan: 2 to delete"));
}

#[test]
fn a_plan_of_nothing_is_applied() {
    let (shop, workspace) = saved();
    apply(&workspace, 0);
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let writes = shop.writes();
    let report = apply(&workspace, 0);
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(shop.writes(), writes);
}

#[test]
fn it_asks_as_ever() {
    let (shop, workspace) = saved();
    workspace.run(&["apply", "plan.json"]).exits(64).prints_nothing();
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_plan_is_valid_as_long_as_is_said() {
    let (_shop, workspace) = saved();
    let time = |plan: &Value, name: &str| -> jiff::Timestamp {
        plan[name].as_str().expect("a text").parse().expect("a time")
    };
    let valid = |plan: &Value| time(plan, "expires_at").duration_since(time(plan, "created_at"));
    assert_eq!(valid(&document(&workspace)).as_hours(), 24);
    for (text, minutes) in [("90m", 90), ("7d", 7 * 24 * 60), ("1h 30m", 90)] {
        workspace
            .run(&["plan", "--out", "plan.json", "--expires", text])
            .exits(0);
        assert_eq!(valid(&document(&workspace)).as_mins(), minutes, "{text}");
    }
    for wrong in ["0s", "-1h", "91d", "soon", "1mo", "24"] {
        let outcome = workspace.run(&["plan", &format!("--expires={wrong}")]).exits(64);
        assert!(outcome.stderr.contains("--expires"), "{}", outcome.stderr);
    }
}

#[test]
fn a_plan_that_cannot_be_saved_is_an_error_and_leaves_the_old_one() {
    let (_shop, workspace) = saved();
    let outcome = workspace
        .run(&["plan", "--out", "no/such/plan.json"])
        .exits(1)
        .prints_nothing();
    assert!(
        outcome
            .stderr
            .contains("the plan cannot be saved to no/such/plan.json")
    );
    let before = text(&workspace, "plan.json");
    workspace.write("inventory.yaml", "version: 1\nstocks: 7\n");
    workspace.run(&["plan", "--out", "plan.json"]).exits(1);
    assert_eq!(text(&workspace, "plan.json"), before);
    let names = std::fs::read_dir(workspace.path("")).expect("the folder is there");
    let mut names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["inventory.yaml", "plan.json"],
        "nothing half written is left"
    );
}
