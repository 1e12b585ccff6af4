//! A write that arrives after the run that sent it was killed: nothing is built on a state that it may still change.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use testkit::killed_apply::KilledApply;
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::wire::{self, Message};
use testkit::workspace::{TOKEN, Workspace};

/// What the proxy and the test share.
#[derive(Default)]
struct Stage {
    killed: KilledApply,
    /// The write that was sent and has not arrived.
    held: Option<Request>,
    /// The reads of links since the write was sent.
    reads: usize,
}

/// A shop that the first delete reaches late: when so many reads have not seen it; or never.
fn stage(shop: &SandboxProcess, arrives_after: usize) -> (Proxy, Arc<Mutex<Stage>>) {
    let stage: Arc<Mutex<Stage>> = Arc::default();
    let shared = Arc::clone(&stage);
    let address = shop.address;
    let proxy = Proxy::before(address, move |asked| {
        let mut stage = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.method == "POST" && asked.path.ends_with("links-delete") && asked.nth == 1 {
            stage.killed.kill();
            stage.held = Some(asked.clone());
            return Action::CutBefore;
        }
        if asked.method == "GET" && asked.path.ends_with("stock-source-links") && stage.held.is_some() {
            stage.reads += 1;
            if stage.reads > arrives_after {
                let late = stage.held.take().expect("it is held");
                let answer = wire::send(
                    address,
                    &Message {
                        method: "POST",
                        target: &late.path,
                        headers: vec![
                            ("Authorization", format!("Bearer {TOKEN}")),
                            ("Content-Type", "application/json".to_owned()),
                        ],
                        body: Some(late.body),
                    },
                );
                assert_eq!(answer.status, 200);
            }
        }
        Action::Pass
    });
    (proxy, stage)
}

fn workspace(proxy: &Proxy, request_timeout: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&proxy.url(), &format!("{}/_sandbox/magento", proxy.url()), "60s");
    let targets = std::fs::read_to_string(workspace.path("targets.yaml")).expect("it was written");
    workspace.write(
        "targets.yaml",
        &format!(
            "{targets}    connection: {{ request_timeout: {request_timeout}, consistency_wait: 1ms }}\n"
        ),
    );
    workspace
}

/// Starts an apply that is killed while its delete is on the way.
fn killed(workspace: &Workspace, stage: &Mutex<Stage>) {
    let killed = stage.lock().expect("nobody has asked yet").killed.clone();
    killed.apply(workspace);
}

const WAITS: &str = "and it may still arrive: waiting until it does";

#[test]
fn a_reindex_waits_for_a_write_that_arrives_late() {
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, 2);
    let workspace = workspace(&proxy, "5m");
    killed(&workspace, &stage);
    let outcome = workspace.run(&["reindex"]).exits(0);
    assert!(outcome.stderr.contains(WAITS), "{}", outcome.stderr);
    let seen = proxy.seen();
    let hooks: Vec<_> = seen
        .iter()
        .filter(|asked| asked.path.ends_with("magento"))
        .collect();
    assert_eq!(hooks.len(), 1);
    assert_eq!(seen.last().map(|asked| &*asked.path), Some("/_sandbox/magento"));
    assert!(
        stage.lock().expect("the runs have ended").held.is_none(),
        "it had arrived"
    );
    // The index knows of the late delete.
    assert_eq!(shop.quantity("canvas-tent", 2), 0);
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_reindex_does_not_wait_longer_than_the_request_might_have_taken() {
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, usize::MAX);
    let workspace = workspace(&proxy, "4s");
    killed(&workspace, &stage);
    let outcome = workspace.run(&["reindex"]).exits(0);
    assert!(outcome.stderr.contains(WAITS), "{}", outcome.stderr);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
    let journal = std::fs::read_to_string(workspace.journal()).expect("it is text");
    assert_eq!(
        journal.matches(r#""event":"write_settled""#).count(),
        1,
        "{journal}"
    );
    // Settled once: the next run has nothing to wait for.
    let outcome = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(!outcome.stderr.contains(WAITS), "{}", outcome.stderr);
}

/// The clock of the next run is ahead: only its own time counts.
#[test]
fn a_clock_that_is_ahead_shortens_no_wait() {
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, 2);
    let workspace = workspace(&proxy, "5m");
    killed(&workspace, &stage);
    let text = std::fs::read_to_string(workspace.journal()).expect("it is text");
    let lines = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("a line is JSON");
        for key in ["at", "began"] {
            if let Some(time) = line.get_mut(key) {
                let reported: jiff::Timestamp =
                    time.as_str().expect("it is text").parse().expect("it is a time");
                *time = (reported - jiff::SignedDuration::from_hours(1))
                    .to_string()
                    .into();
            }
        }
        format!("{line}\n")
    });
    std::fs::write(workspace.journal(), lines.collect::<String>()).expect("it can be written");

    let outcome = workspace.run(&["reindex"]).exits(0);

    assert!(outcome.stderr.contains(WAITS), "{}", outcome.stderr);
    assert!(
        stage.lock().expect("the runs have ended").held.is_none(),
        "it had arrived"
    );
    assert_eq!(shop.quantity("canvas-tent", 2), 0);
}

#[test]
fn an_apply_of_the_same_need_not_wait() {
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, usize::MAX);
    let workspace = workspace(&proxy, "5m");
    killed(&workspace, &stage);
    let outcome = workspace.run(&["apply", "--yes"]).exits(0);
    assert!(!outcome.stderr.contains(WAITS), "{}", outcome.stderr);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
    assert_eq!(shop.quantity("canvas-tent", 2), 0);
}

#[test]
fn an_apply_of_something_else_waits_so_that_the_late_write_cannot_undo_it() {
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, 3);
    let workspace = workspace(&proxy, "5m");
    killed(&workspace, &stage);
    // As it was before: what the late write deletes is wanted again.
    let wanted: String = [2, 4].map(|stock| stock_text(&shop, stock)).concat();
    workspace.write("inventory.yaml", &format!("version: 1\nstocks:\n{wanted}"));
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    let outcome = workspace.run(&["apply", "--yes"]).exits(0);
    assert!(outcome.stderr.contains(WAITS), "{}", outcome.stderr);
    assert!(
        stage.lock().expect("the runs have ended").held.is_none(),
        "it had arrived"
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}

/// A stock as it is now, in a file's words.
fn stock_text(shop: &SandboxProcess, stock: u32) -> String {
    let stocks = shop.get("/rest/V1/inventory/stocks?searchCriteria=");
    let mut stocks = stocks["items"].as_array().expect("a list has items").iter();
    let name = stocks
        .find(|row| row["stock_id"] == stock)
        .expect("there is such a stock")["name"]
        .clone();
    let links: Vec<String> = shop
        .links(stock)
        .into_iter()
        .map(|(code, priority)| format!("{{ code: {code}, priority: {priority} }}"))
        .collect();
    format!("  - name: {name}\n    sources: [{}]\n", links.join(", "))
}

#[test]
#[cfg(unix)]
fn the_wait_can_be_interrupted() {
    use std::io::{BufRead as _, BufReader};
    let shop = SandboxProcess::demo();
    let (proxy, stage) = stage(&shop, usize::MAX);
    let workspace = workspace(&proxy, "1h");
    killed(&workspace, &stage);
    let mut reindex = workspace
        .command(&["reindex"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut reported = BufReader::new(reindex.stderr.take().expect("it is piped")).lines();
    assert!(reported.any(|line| line.expect("output is UTF-8").contains(WAITS)));
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &reindex.id().to_string()])
        .status();
    assert!(sent.expect("signals can be sent").success());
    assert!(reported.any(|line| line.expect("output is UTF-8").contains("interrupted")));
    assert_eq!(reindex.wait().expect("it ends").code(), Some(143));
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );
}

/// A gateway refuses the second try, and the first one is carried out when nobody looks any more.
#[test]
fn a_refused_write_that_is_carried_out_after_the_run_owes_a_reindex() {
    let shop = SandboxProcess::demo();
    let held = Arc::new(Mutex::new(None));
    let retained = Arc::clone(&held);
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.method == "POST" && asked.nth == 1 {
            *retained.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked.clone());
            let refusal = r#"{"message":"The consumer isn't authorized to access %resources."}"#;
            return Action::Answer(Canned::new(401, "application/json", refusal));
        }
        Action::Pass
    });
    let inventory = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, hq, baltimore_wh, frankfurt]\n";
    let workspace = Workspace::with(inventory).variable("SHOP_TOKEN", TOKEN);
    workspace.settings(
        &proxy.url(),
        &["reindex: cron", "connection: { consistency_wait: 1ms }"],
    );
    workspace.run(&["apply", "--yes"]).exits(1);
    let owed = |workspace: &Workspace| {
        let status: Value = workspace.run(&["status", "--format", "json"]).exits(0).json();
        status["reindex_owed"].clone()
    };
    assert_eq!(owed(&workspace), false, "nothing of it stands");

    let late = held.lock().unwrap_or_else(PoisonError::into_inner).take();
    let late = late.expect("it was sent");
    let headers = vec![
        ("Authorization", format!("Bearer {TOKEN}")),
        ("Content-Type", "application/json".to_owned()),
    ];
    let message = Message {
        method: "POST",
        target: &late.path,
        headers,
        body: Some(late.body),
    };
    assert_eq!(wire::send(shop.address, &message).status, 200);

    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(owed(&workspace), true, "the index does not know its links");
    workspace.run(&["reindex", "--done"]).exits(0);
    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(owed(&workspace), false, "it is owed once");
}
