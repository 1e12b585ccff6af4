//! `plan`: the text whole, the JSON by its schema, the exit codes.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn the_plan_as_a_person_reads_it() {
    let outcome = Workspace::new().run(&["plan", "--sandbox"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
sandbox http://127.0.0.1:[PORT]/

North America Stock (stock 2): 1 to delete, 1 to create, 1 source reordered (2 priorities renumbered)  inventory.yaml:20:11
    before  after
  -      8         austin_wh   delete, priority 9
         1      1  ne_wh       priority 1
  ~      3      2  west_wh     from place 3 to place 2, priority 3 → 2  21:22
         2      3  brooklyn    priority 2 → 3                           21:31
         4      4  manhattan   priority 4
  +             5  huntington  create, priority 5                       21:52
         5      6  berkeley    priority 6
         5      7  sausalito   priority 6 → 7                           21:74
         7      8  hq          priority 8
  berkeley and sausalito shared priority 6, so the shop did not order them

Europe Stock (stock 3): 1 to delete, 1 to create, 1 priority renumbered  inventory.yaml:23:11
    before  after
  -      4         baltimore_wh  delete, priority 4
         1      1  leipzig       priority 1
         2      2  berlin        priority 2
  +             3  frankfurt     create, priority 3  24:32
         3      4  hq            priority 3 → 4      24:43

Other stocks: 1 unmanaged and left alone.
Plan: 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered) in 2 stocks, then a reindex.

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn the_exit_code_tells_of_changes_only_when_asked() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["plan"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    workspace.run(&["apply", "--yes"]).exits(0);
    let outcome = workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
127.0.0.1:[PORT] http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

"#]]
    );
}

#[test]
fn the_plan_as_a_program_reads_it() {
    let workspace = Workspace::new();
    let outcome = workspace.run(&["plan", "--sandbox", "--format", "json"]).exits(0);
    let plan = outcome.json();
    let mut published: Value = workspace.run(&["schema", "plan"]).exits(0).json();
    let address = published.as_object_mut().and_then(|schema| schema.remove("$id"));
    assert!(address.is_some_and(|address| address.to_string().ends_with("/plan.schema.json\"")));
    let in_code =
        serde_json::to_value(schemars::schema_for!(stocktake::reconcile::Plan)).expect("a schema is JSON");
    assert_eq!(published, in_code);
    let validator = jsonschema::validator_for(&published).expect("the schema is valid");
    let faults: Vec<String> = validator
        .iter_errors(&plan)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(plan["summary"]["creates"], 2);
    assert_eq!(plan["summary"]["deletes"], 2);
    assert_eq!(plan["summary"]["moves"], 4);
    assert_eq!(plan["needs_reindex"], true);
    assert_eq!(plan["unmanaged"][0]["name"], "Outlet Stock");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_guard_that_would_refuse_shows_its_verdict() {
    let shop = SandboxProcess::demo();
    let workspace =
        Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin]\n")
            .at(shop.url());
    let outcome = workspace.run(&["plan"]).exits(3);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
127.0.0.1:[PORT] http://127.0.0.1:[PORT]/

Europe Stock (stock 3): 2 to delete  inventory.yaml:3:11
    before  after
  -      3         hq            delete, priority 3
  -      4         baltimore_wh  delete, priority 4
         ⋮  2 unchanged

Other stocks: 2 unmanaged and left alone.
guard: refused: 2 of the 4 links of `Europe Stock` would be deleted, more than 30 %; if that is meant: --allow 'delete-percent=Europe Stock'
Refused by a guard: 2 to delete in 1 stock, then a reindex.

"#]]
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(3);
    workspace
        .run(&[
            "plan",
            "--detailed-exitcode",
            "--allow",
            "delete-percent=Europe Stock",
        ])
        .exits(2);
}
