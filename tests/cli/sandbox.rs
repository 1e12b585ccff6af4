//! `sandbox`: one line on standard output, loopback only, seeds and a state file.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn an_address_that_is_not_loopback_is_wrong_usage() {
    let outcome = Workspace::bare()
        .run(&["sandbox", "--listen", "0.0.0.0:0"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: the sandbox listens on loopback only, not on 0.0.0.0

"#]]
    );
}

#[test]
fn a_file_that_is_not_a_seed_is_an_error() {
    let workspace = Workspace::bare();
    let missing = workspace
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--seed", "nothing.json"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        missing.stderr,
        str![[r#"
error: the seed `nothing.json` cannot be read: give demo, empty or a file
  because: No such file or directory (os error 2)

"#]]
    );
    workspace.write("seed.json", "{}");
    let bad = workspace
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--seed", "seed.json"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        bad.stderr,
        str![[r#"
error: seed.json is not a seed file
  because: this is not a seed
  because: missing field `websites` at line 1 column 2

"#]]
    );
}

#[test]
fn a_file_that_is_not_a_state_is_an_error_and_stays() {
    let workspace = Workspace::bare();
    workspace.write("state.json", "{}");
    let outcome = workspace
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--state", "state.json"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: the sandbox state state.json cannot be loaded
  because: missing field `store` at line 1 column 2

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("state.json")).expect("it is still there"),
        "{}"
    );
}

#[test]
fn the_empty_seed_is_a_fresh_shop() {
    let shop = SandboxProcess::start(&["--seed", "empty"]);
    let list = shop.get("/_sandbox/state");
    assert_eq!(list["store"]["links"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_schedule_of_faults_that_is_none_is_reported() {
    let workspace = Workspace::bare();
    workspace.write("chaos.json", r#"{ "at": [{ "fault": "deadlock" }] }"#);
    let outcome = workspace
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--chaos", "chaos.json"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: chaos.json: each fault in `at` has one of `request`, `write` and `command`, counted from 1

"#]]
    );
    workspace
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--chaos", "missing.json"])
        .exits(64)
        .prints_nothing();
}

/// The schedule of the README, and an apply that finds out what became of the write whose answer is lost.
#[test]
fn an_apply_gets_over_a_fault_and_the_log_tells_of_both() {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "chaos.json",
        r#"{ "at": [{ "write": 1, "fault": "cut_after" }] }"#,
    );
    let chaos = workspace.path("chaos.json");
    let shop = SandboxProcess::start(&["--chaos", chaos.to_str().expect("the path is text")]);
    workspace.target(&shop.url(), &shop.hook(), "60s");

    workspace.run(&["apply", "--yes"]).exits(0);

    let log = shop.get("/_sandbox/log");
    let log = log.as_array().expect("the log is a list");
    let writes: Vec<_> = log.iter().filter(|logged| logged["method"] == "POST").collect();
    assert_eq!(writes.len(), 2, "what took effect is not sent again");
    assert_eq!(writes[0]["faults"][0], "cut_after");
    assert_eq!(
        (&writes[0]["committed"], &writes[0]["status"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(writes[0]["links"].as_array().map(Vec::len), Some(6));
    let last = log.last().expect("the log has entries");
    assert_eq!(
        (&last["actor"], &last["path"]),
        (&json!("operator"), &json!("indexer:reindex inventory"))
    );
    let orders: Vec<u64> = log.iter().filter_map(|logged| logged["order"].as_u64()).collect();
    assert_eq!(orders, (1..=log.len() as u64).collect::<Vec<_>>());
}
