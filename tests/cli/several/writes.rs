//! Commands that write to several targets: `apply` and `reindex`.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use super::{NOWHERE, Shops, codes, summary, targets};
use testkit::sandbox_process::SandboxProcess;

#[test]
fn apply_writes_to_all_that_it_may_write_to() {
    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), "guard: { max_deletes: 1 }"),
            ("us", &shops.us.url(), "reindex: cron"),
            ("asia", NOWHERE, "connection: { run_timeout: 1s }"),
        ],
    );
    let document = shops.document(&["apply", "--all-targets", "--yes"], 3);
    assert_eq!(codes(&document), [("eu", 3), ("us", 0), ("asia", 1)]);
    assert_eq!(document["targets"][0]["error"]["plan"]["target"]["name"], "eu");
    assert_eq!(document["targets"][1]["report"]["proof"]["state"], "converged");
    assert_eq!(shops.eu.writes(), 0);
    assert!(shops.us.writes() > 0);
    assert_eq!(shops.us.links(3)[2], ("frankfurt".to_owned(), 3));
}

#[test]
fn apply_shows_every_plan_before_it_writes_and_every_outcome_after_it() {
    let shops = Shops::new();
    let outcome = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let headings: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("== ") || line.starts_with("Plan: ") || *line == "Applied.")
        .collect();
    let plan = "Plan: 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered) in 2 stocks, then a reindex.";
    assert_eq!(
        headings,
        [
            "== eu ==", plan, "== us ==", plan, "== eu ==", "Applied.", "== us ==", "Applied."
        ]
    );
    assert_eq!(summary(&outcome), "Targets: eu applied, us applied.");
    for shop in [&shops.eu, &shops.us] {
        assert_eq!(shop.links(3)[2], ("frankfurt".to_owned(), 3));
    }
    let folders = std::fs::read_dir(shops.workspace.path(".stocktake")).expect("there is state");
    assert_eq!(folders.count(), 2, "each target has its own journal");
    let again = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    assert_eq!(
        summary(&again),
        "Targets: eu with nothing to apply, us with nothing to apply."
    );
}

#[test]
fn messages_carry_the_name_of_their_target() {
    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            ("us", &shops.us.url(), "reindex: cron"),
        ],
    );
    let outcome = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let lines = outcome.stderr.lines().collect::<Vec<_>>();
    assert!(
        lines[0].starts_with("eu: Reindex step 1 of 1: POST http://127"),
        "{lines:?}"
    );
    assert!(lines.iter().all(|line| line.starts_with("eu: ")), "{lines:?}");
    assert_eq!(shops.eu.quantity("alpine-jacket", 2), 42);
}

fn hook(shop: &SandboxProcess) -> String {
    let body = r#"{"argv": ["indexer:reindex", "inventory"]}"#;
    format!(
        "reindex: [{{ http: {{ url: '{}', body: '{body}' }} }}]",
        shop.hook()
    )
}

#[test]
fn a_reindex_runs_where_it_is_owed() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            (
                "us",
                &shops.us.url(),
                &hook(&shops.eu).replace("/magento", "/nothing"),
            ),
        ],
    );
    let document = shops.document(&["reindex", "--all-targets"], 6);
    assert_eq!(codes(&document), [("eu", 0), ("us", 6)]);
    assert_eq!(document["targets"][0]["report"]["reindex"]["state"], "done");
    let outcome = shops.run(&["reindex", "--all-targets", "--done"]).exits(0);
    assert_eq!(
        summary(&outcome),
        "Targets: eu with no reindex owed, us with no reindex owed."
    );
}

#[test]
fn two_names_of_one_shop_are_not_written_to_side_by_side() {
    let shops = Shops::new();
    let url = shops.eu.url();
    targets(
        &shops.workspace,
        &[
            ("eu", &url, "reindex: cron"),
            ("strict", &url, "guard: { max_deletes: 0 }"),
        ],
    );
    for arguments in [
        &["apply", "--all-targets", "--yes"][..],
        &["reindex", "--all-targets"],
    ] {
        let outcome = shops.run(arguments).exits(64).prints_nothing();
        assert!(
            outcome
                .stderr
                .contains("the targets `eu` and `strict` are one shop"),
            "{}",
            outcome.stderr
        );
    }
    shops.run(&["drift", "--all-targets"]).exits(2);
    assert_eq!(shops.eu.writes(), 0);
}

/// Two targets, one of which would change: the question names that one, and a no leaves both alone.
#[cfg(unix)]
#[test]
fn apply_asks_once_for_all() {
    let failed = "Targets: eu failed, us with nothing to apply.";
    for (answer, code, words, note) in [
        ("no\n", 1, failed, ""),
        (
            "y\n",
            1,
            failed,
            "Only the word \"yes\", in lower case, confirms.\n",
        ),
        ("yes\n", 0, "Targets: eu applied, us with nothing to apply.", ""),
    ] {
        let shops = Shops::new();
        shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
        let mut terminal = testkit::terminal::Terminal::new(120);
        terminal.types(answer);
        let outcome = shops
            .workspace
            .command(&["apply", "--target", "eu,us"])
            .stdin(terminal.end())
            .output()
            .expect("the binary can be started");
        let stdout = String::from_utf8(outcome.stdout).expect("output is UTF-8");
        let stderr = String::from_utf8(outcome.stderr).expect("output is UTF-8");
        assert_eq!(outcome.status.code(), Some(code), "{stdout}{stderr}");
        let address = shops.eu.url();
        let address = address.trim_start_matches("http://").trim_end_matches('/');
        let question = format!("Apply 8 changes to eu ({address})? Type \"yes\" to confirm:\n");
        assert_eq!(stderr, question + note);
        assert_eq!(stdout.lines().last(), Some(words));
        assert_eq!(shops.eu.writes() > 0, code == 0);
    }
}

#[test]
fn a_saved_plan_is_applied_to_one_target() {
    let shops = Shops::new();
    shops
        .run(&["plan", "--target", "eu", "--out", "plan.json"])
        .exits(0);
    let outcome = shops
        .run(&["apply", "--target", "eu,us", "--yes", "plan.json"])
        .exits(64);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: PLAN: a saved plan is for one target
  help: name that target alone; without PLAN several are planned and applied at once

"#]]
    );
    assert_eq!(shops.eu.writes(), 0);
}

#[cfg(unix)]
#[test]
fn a_signal_reaches_all_and_each_tells_what_it_did() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            ("us", &shops.us.url(), &hook(&shops.us)),
        ],
    );
    shops.eu.begin_index_run();
    shops.us.begin_index_run();
    let mut child = shops
        .workspace
        .command(&["apply", "--all-targets", "--yes", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut waiting = std::collections::BTreeSet::new();
    for line in BufReader::new(child.stderr.as_mut().expect("it is piped")).lines() {
        let line = line.expect("output is UTF-8");
        if let Some((target, message)) = line.split_once(": ")
            && message.contains("another index run is working")
        {
            waiting.insert(target.to_owned());
        }
        if waiting.len() == 2 {
            break;
        }
    }
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    crate::interrupt::send("-TERM", &child);
    let (code, stdout) = crate::interrupt::ended(child);
    assert_eq!(code, Some(143), "{stdout}");
    let document: Value = serde_json::from_str(&stdout).expect("the document is complete");
    assert_eq!(codes(&document), [("eu", 143), ("us", 143)]);
    for of in document["targets"].as_array().expect("a list") {
        assert_eq!(of["report"]["proof"]["state"], "converged");
        assert_eq!(
            of["report"]["reindex"]["steps"][0]["failure"]["reason"],
            "interrupted"
        );
    }
}
