//! When a reindex runs: once when it is owed, always with `--force`, or left to cron.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::workspace;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn nothing_is_run_when_nothing_is_owed() {
    let shop = SandboxProcess::demo();
    let outcome = workspace(&shop, "http://127.0.0.1:9/never-called")
        .run(&["reindex"])
        .exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Reindex: none is owed; --force runs it all the same

"#]]
    );
    assert_eq!(outcome.stderr, "");
    assert!(shop.methods().is_empty());
}

#[test]
fn force_runs_the_steps_all_the_same() {
    let shop = SandboxProcess::demo();
    let outcome = workspace(&shop, &shop.hook())
        .run(&["reindex", "--force"])
        .exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Reindex: done, 1 step in [TIME] s

"#]]
    );
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
Reindex step 1 of 1: POST http://127.0.0.1:[PORT]/_sandbox/magento
  | Inventory index has been rebuilt successfully in 00:00:00

"#]]
    );
}

#[test]
fn one_that_is_owed_is_run_once() {
    let shop = SandboxProcess::demo();
    let failing = workspace(&shop, &format!("{}/no-such-hook", shop.url()));
    let applied = failing.run(&["apply", "--yes"]).exits(6);
    assert_data_eq!(
        applied.stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

...
Other stocks: 1 unmanaged and left alone.
Plan: 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered) in 2 stocks, then a reindex.

Links:   8 done: 2 deleted, 2 created, 1 source reordered (3 priorities renumbered)
Proof:   every link of every changed stock is as wanted
Reindex: failed, owed: `POST http://127.0.0.1:[PORT]/no-such-hook`: the web hook answered 404
Links applied, but not proven. Run `stocktake apply` or `stocktake reindex` again.

"#]]
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 17);

    let failed = failing.run(&["reindex"]).exits(6);
    assert_data_eq!(
        failed.stdout,
        str![[r#"
Reindex: failed, owed: `POST http://127.0.0.1:[PORT]/no-such-hook`: the web hook answered 404

"#]]
    );

    failing.target(&shop.url(), &shop.hook(), "60s");
    let done = failing.run(&["reindex", "--format", "json"]).exits(0).json();
    assert_eq!(done["exit_code"], 0);
    assert_eq!(done["reindex"]["state"], "done");
    assert_eq!(done["reindex"]["steps"][0]["failure"], json!(null));
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);

    let again = failing.run(&["reindex", "--format", "json"]).exits(0).json();
    assert_eq!(again["reindex"]["state"], "not_needed");
}

#[test]
fn an_apply_that_only_reindexes_says_so_last() {
    let shop = SandboxProcess::demo();
    let failing = workspace(&shop, &format!("{}/no-such-hook", shop.url()));
    failing.run(&["apply", "--yes"]).exits(6);
    failing.target(&shop.url(), &shop.hook(), "60s");
    for verdict in ["Reindexed. No link had to change.", "Nothing to apply."] {
        let applied = failing.run(&["apply", "--yes"]).exits(0);
        assert_eq!(applied.stdout.lines().last(), Some(verdict));
    }
}

/// A reindex that ran is not told as one that did not, and the next run, which knows nothing of it, runs it again.
#[test]
#[cfg(target_os = "linux")]
fn a_reindex_that_the_journal_cannot_take_note_of_is_owed() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &shop.hook());
    workspace.run(&["reindex", "--force"]).exits(0);
    let journal = std::fs::read_to_string(workspace.journal()).expect("it was written");
    let lines: Vec<&str> = journal.lines().collect();
    let [begins, step_begins, step_ends, ends] = lines[..] else {
        panic!("a reindex of one step makes four lines: {journal}");
    };
    // Room for all lines but the last; before them stands a line of another shop.
    let room = begins.len() + step_begins.len() + step_ends.len() + 3 + ends.len() / 2;
    let mut other: serde_json::Value = serde_json::from_str(begins).expect("a line is JSON");
    other["url"] = json!("https://other.example/");
    other["actor"] = json!("");
    let bare = other.to_string().len() + 1;
    other["actor"] = json!("x".repeat(1024 - room - bare));
    std::fs::write(workspace.journal(), format!("{other}\n")).expect("it can be written");

    let limited = "trap '' XFSZ; ulimit -f 2; exec \"$0\" reindex --force --format json";
    let output = std::process::Command::new("sh")
        .args(["-c", limited, testkit::binary()])
        .current_dir(workspace.path("."))
        .env_clear()
        .env("SHOP_TOKEN", TOKEN)
        .output()
        .expect("a shell can be started");
    let reported: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(output.status.code(), Some(6), "{reported}");
    assert_eq!(reported["reindex"]["state"], "failed", "{reported}");
    assert_eq!(
        reported["reindex"]["steps"][0]["failure"]["reason"], "not_recorded",
        "{reported}"
    );
}

#[test]
fn what_is_left_to_the_shops_cron_is_owed_until_somebody_says_that_it_has_run() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    reindex: cron\n",
            shop.url()
        ),
    );
    let owed = || {
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    };
    workspace.run(&["apply", "--yes"]).exits(0);
    assert!(owed());
    for reindex in [&["reindex"][..], &["reindex", "--force"]] {
        let outcome = workspace.run(reindex).exits(0);
        assert_data_eq!(
            outcome.stdout,
            str![[r#"
Reindex: left to the shop's cron; quantities are stale until it has run

"#]]
        );
        assert!(
            outcome.stderr.contains("`stocktake reindex --done`"),
            "{}",
            outcome.stderr
        );
    }
    assert!(owed(), "nobody knows whether it has run");
    shop.magento(&["cron:run", "--group=index"]);
    assert_data_eq!(
        workspace.run(&["reindex", "--done"]).exits(0).stdout,
        str![[r#"
Reindex: declared as done by the shop, none is owed any more

"#]]
    );
    assert!(!owed());
    let again = workspace
        .run(&["reindex", "--done", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(again["reindex"]["state"], "not_needed");
    workspace.run(&["reindex", "--done", "--force"]).exits(64);
}

/// stocktake runs nothing there, so that no text sends anybody to `stocktake reindex`, but to say that cron has run.
#[test]
fn no_text_says_that_stocktake_reindexes_where_the_shops_cron_does() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(
        &shop.url(),
        &["reindex: cron", "prove: index", "prove_timeout: 1s"],
    );
    let sent_to_it = |text: &str| {
        text.replace("stocktake reindex --done", "")
            .contains("stocktake reindex")
    };
    let applied = workspace.run(&["apply", "--yes"]).exits(6);
    assert!(
        applied
            .stdout
            .ends_with("Run `stocktake apply` again when the shop's cron has run.\n"),
        "{}",
        applied.stdout
    );
    assert!(!sent_to_it(&applied.stdout) && !sent_to_it(&applied.stderr));
    let formats = ["text", "json", "markdown", "html", "github", "sarif", "junit"];
    let mut commands: Vec<Vec<&str>> = formats.map(|format| vec!["drift", "--format", format]).into();
    commands
        .extend(["status", "doctor", "plan", "reindex", "apply --yes"].map(|line| line.split(' ').collect()));
    for command in commands {
        let outcome = workspace.run(&command);
        assert!(!sent_to_it(&outcome.stdout), "{command:?}: {}", outcome.stdout);
        assert!(!sent_to_it(&outcome.stderr), "{command:?}: {}", outcome.stderr);
    }
    let status = workspace.run(&["status", "--format", "json"]).json();
    assert_eq!(status["reindex_by"], "cron", "{status}");
    let drift = workspace.run(&["drift"]);
    assert!(
        drift
            .stdout
            .contains("the index does not show yet that the shop's cron has run it"),
        "{}",
        drift.stdout
    );
}
