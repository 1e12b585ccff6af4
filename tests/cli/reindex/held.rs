//! An index that another run holds, or that a killed run has left at `working`, and steps that are ended midway.

use std::sync::Mutex;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::workspace;
use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// What `indexer:reindex inventory` prints, with exit code 1, while another run holds the index (2.4.8/18b-006).
const HELD: &str = "process error during indexation process:\nInventory index is locked by another reindex process. Skipping.\n";

const REBUILT: &str = "Inventory index has been rebuilt successfully in 00:00:41\n";

/// A shop with one step that runs a script of that name with these arguments.
fn with_script(shop: &SandboxProcess, arguments: &str, script: &str, timeout: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write("magento", &format!("#!/bin/sh\n{script}\n"));
    let step = format!("  - run: [sh, ./magento{arguments}]");
    let timeout = format!("    timeout: {timeout}");
    workspace.settings(&shop.url(), &["reindex:", &step, &timeout]);
    workspace
}

/// A program that finds the index held, says so and fails, and rebuilds it when it is started again.
#[test]
fn a_program_that_finds_the_index_held_is_started_again() {
    let shop = SandboxProcess::demo();
    for (arguments, exit_code) in [
        (", 'indexer:reindex', inventory", 1),
        (", 'indexer:reindex', inventory", 0),
        // A script of our own says nothing of indexes in its name.
        ("", 0),
        ("", 1),
    ] {
        let script = format!(
            "if [ -e tried ]; then printf '{REBUILT}'; else touch tried; printf '{HELD}'; exit {exit_code}; fi"
        );
        let outcome = with_script(&shop, arguments, &script, "60s")
            .run(&["reindex", "--force"])
            .exits(0);
        let waited = "another index run is working; trying again in 1 s";
        assert_eq!(outcome.stderr.matches(waited).count(), 1, "{}", outcome.stderr);
    }
}

/// Errors go to standard error in many a script.
#[test]
fn what_a_script_says_on_standard_error_counts() {
    let shop = SandboxProcess::demo();
    let script =
        format!("if [ -e tried ]; then printf '{REBUILT}' >&2; else touch tried; printf '{HELD}' >&2; fi");
    let outcome = with_script(&shop, "", &script, "60s")
        .run(&["reindex", "--force"])
        .exits(0);
    assert!(
        outcome.stderr.contains("trying again in 1 s"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_hook_that_finds_the_index_held_is_called_again() {
    let shop = SandboxProcess::demo();
    let told = |status, exit_code: i32, stdout: &str| {
        let body = json!({ "exit_code": exit_code, "stdout": stdout }).to_string();
        Canned::new(status, "application/json", body)
    };
    let plain = |status, text: &str| Canned::new(status, "text/plain", text);
    let in_json = |status, text: &str| {
        let body = json!({ "ok": true, "result": { "lines": [text] } }).to_string();
        Canned::new(status, "application/json", body)
    };
    for (held, success) in [
        (told(200, 1, HELD), told(200, 0, REBUILT)),
        (told(500, 1, HELD), told(200, 0, REBUILT)),
        (plain(200, HELD), plain(200, REBUILT)),
        (plain(500, HELD), plain(200, REBUILT)),
        (in_json(200, HELD), in_json(200, REBUILT)),
    ] {
        let answers = Mutex::new(vec![success, held]);
        let hook = Proxy::alone(move |_| {
            let mut answers = answers.lock().expect("nothing panics");
            answers.pop().expect("it is called twice")
        });
        workspace(&shop, &hook.url())
            .run(&["reindex", "--force"])
            .exits(0);
        assert_eq!(hook.seen().len(), 2);
    }
}

#[test]
fn an_index_that_stays_held_is_told_with_the_way_out() {
    let shop = SandboxProcess::demo();
    let script = format!("printf '{HELD}'; exit 1");
    let workspace = with_script(&shop, ", 'indexer:reindex', inventory", &script, "1s");
    let outcome = workspace.run(&["reindex", "--force"]).exits(6);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Reindex: failed, owed: `sh ./magento indexer:reindex inventory`: another index run held the index Inventory for 0 s
         help: if no index run is at work on the shop, one that was killed has left the index at `working`: `bin/magento indexer:reset inventory` frees it

"#]]
    );
    let report = workspace
        .run(&["reindex", "--force", "--format", "json"])
        .exits(6)
        .json();
    let failure = &report["reindex"]["steps"][0]["failure"];
    assert_eq!(failure["reason"], "locked", "{report}");
    assert_eq!(failure["indexes"], json!(["Inventory"]), "{report}");
    let hints = report["reindex"]["hints"].as_array().expect("there are hints");
    assert_eq!(hints.len(), 1, "{report}");
}

/// 2.4.1/11b-001: the search engine is down. The hook and the script say nothing of indexes in what they are asked.
#[test]
fn an_index_that_fails_in_the_output_of_any_step_is_a_failed_reindex() {
    let shop = SandboxProcess::demo();
    let failed =
        "Catalog Search index exception: Could not ping search engine: No alive nodes found in your cluster";
    let told = "the index Catalog Search was not rebuilt: Catalog Search index exception: Could not ping search engine";
    let script = format!("printf '{REBUILT}{failed}\n'");
    for arguments in [", 'indexer:reindex', inventory", ""] {
        let outcome = with_script(&shop, arguments, &script, "60s")
            .run(&["reindex", "--force"])
            .exits(6);
        assert!(outcome.stdout.contains(told), "{}", outcome.stdout);
    }
    let answer = format!("{REBUILT}{failed}\n");
    let hook = Proxy::alone(move |_| Canned::new(200, "text/plain", answer.clone()));
    let outcome = workspace(&shop, &hook.url())
        .run(&["reindex", "--force"])
        .exits(6);
    assert!(
        outcome
            .stdout
            .contains(&format!("the web hook answered 200, but {told}")),
        "{}",
        outcome.stdout
    );
}

/// The end of its time ends `bin/magento`, and the shop's index stays at `working`. The next run says so, up to one that
/// succeeds.
#[test]
#[cfg(unix)]
fn a_step_that_is_ended_midway_is_told_by_the_report_and_by_the_next_run() {
    let shop = SandboxProcess::demo();
    let script = format!("[ -e freed ] || sleep 600; printf '{REBUILT}'");
    let workspace = with_script(&shop, ", 'indexer:reindex', inventory", &script, "1s");
    let outcome = workspace.run(&["reindex", "--force"]).exits(6);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Reindex: failed, owed: `sh ./magento indexer:reindex inventory`: not done within 1 s
         help: an index run that is ended midway leaves the shop's index at `working`, and each later run skips it: if no index run is at work there any more, `bin/magento indexer:reset inventory` frees it

"#]]
    );
    assert!(!outcome.stderr.contains("ended midway"), "{}", outcome.stderr);

    workspace.write("freed", "");
    // It is owed, since nobody knows what is left of the index.
    let next = workspace.run(&["reindex"]).exits(0);
    assert!(
        next.stderr
            .contains("was ended midway: it may have left the shop's index at `working`"),
        "{}",
        next.stderr
    );
    let after = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(!after.stderr.contains("ended midway"), "{}", after.stderr);
}

/// As by the system for lack of memory, here or behind a shell.
#[test]
#[cfg(unix)]
fn a_step_that_somebody_else_kills_leaves_the_index_behind_as_well() {
    let shop = SandboxProcess::demo();
    for (script, code) in [("kill -9 $$", -1), ("exit 137", 137)] {
        let outcome = with_script(&shop, "", script, "60s")
            .run(&["reindex", "--force"])
            .exits(6);
        let told = format!("exit code {code}\n         help: an index run that is ended midway leaves");
        assert!(outcome.stdout.contains(&told), "{}", outcome.stdout);
    }
    let outcome = with_script(&shop, "", "exit 3", "60s")
        .run(&["reindex", "--force"])
        .exits(6);
    assert!(outcome.stdout.ends_with(": exit code 3\n"), "{}", outcome.stdout);
}

/// A step that visibly does something else leaves no index behind.
#[test]
#[cfg(unix)]
fn a_step_beside_the_index_run_that_is_ended_midway_leaves_no_index_behind() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write("magento", &format!("#!/bin/sh\nprintf '{REBUILT}'\n"));
    let settings = [
        "reindex:",
        "  - run: [sh, ./magento, 'indexer:reindex', inventory]",
        "  - run: [sleep, '600']",
        "    timeout: 1s",
    ];
    workspace.settings(&shop.url(), &settings);
    let outcome = workspace.run(&["reindex", "--force"]).exits(6);
    assert!(
        outcome.stdout.ends_with("`sleep 600`: not done within 1 s\n"),
        "{}",
        outcome.stdout
    );
}
