//! One run writes to a target at a time: a second one waits, or says who is at work.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, Stdio};

use serde_json::Value;

use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn workspace(shop: &SandboxProcess) -> Workspace {
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("STOCKTAKE_ACTOR", "alice");
    workspace.target(&shop.url(), &shop.hook(), "60s");
    workspace
}

type Reported = Lines<BufReader<ChildStderr>>;

fn start(workspace: &Workspace, arguments: &[&str]) -> (Child, Reported) {
    let mut child = workspace
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let stderr = child.stderr.take().expect("it is piped");
    (child, BufReader::new(stderr).lines())
}

/// Reads up to the line that says so.
#[track_caller]
fn until(reported: &mut Reported, words: &str) {
    let says = reported.any(|line| line.expect("output is UTF-8").contains(words));
    assert!(says, "it never said: {words}");
}

/// An apply that has written its links and holds the lock while the shop's index is held open.
fn at_work(shop: &SandboxProcess, workspace: &Workspace) -> (Child, Reported) {
    shop.begin_index_run();
    let (child, mut reported) = start(workspace, &["apply", "--yes"]);
    until(&mut reported, "another index run is working");
    (child, reported)
}

/// Reads the rest of what a run tells, so that it can go on, and gives its exit code.
fn ended(mut child: Child, reported: Reported) -> Option<i32> {
    for line in reported {
        line.expect("output is UTF-8");
    }
    child.wait().expect("it ends").code()
}

/// The bodies of all link writes that the shop saw.
fn link_writes(shop: &SandboxProcess) -> Vec<String> {
    let log = shop.get("/_sandbox/log");
    let log = log.as_array().expect("the log is a list").iter();
    log.filter(|logged| logged["method"] == "POST")
        .map(|logged| logged["path"].as_str().expect("a request has a path").to_owned())
        .filter(|path| path.contains("stock-source-links"))
        .collect()
}

#[test]
fn a_second_apply_waits_and_finds_everything_done() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let (first, first_told) = at_work(&shop, &workspace);
    let writes = link_writes(&shop);
    let (second, mut second_told) = start(&workspace, &["apply", "--yes", "--lock-timeout", "60s"]);
    until(
        &mut second_told,
        "Another stocktake is at work on this target: `apply` of alice on ",
    );
    shop.finish_index_run();
    assert_eq!(ended(first, first_told), Some(0));
    assert_eq!(ended(second, second_told), Some(0));
    assert_eq!(link_writes(&shop), writes, "no write was sent twice");
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
}

#[test]
fn who_only_looks_hears_of_a_run_that_is_at_work_and_of_none_that_was_killed() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let (mut first, _told) = at_work(&shop, &workspace);
    let who = format!("process {}, since ", first.id());
    let hears = |command: &str| {
        let reported = workspace.run(&[command]).exits(0).stderr;
        reported.contains("Another stocktake is at work on this target: `apply` of alice on ")
            && reported.contains(&who)
    };
    assert!(hears("drift") && hears("status"));
    first.kill().expect("it can be killed");
    first.wait().expect("it ends");
    assert!(!hears("drift") && !hears("status"));
}

/// `run_timeout` is for the requests of a run, and waiting for another run asks the shop nothing.
#[test]
fn the_wait_takes_nothing_off_the_time_of_the_run() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let (first, first_told) = at_work(&shop, &workspace);
    workspace.settings(&shop.url(), &["reindex: cron", "connection: { run_timeout: 2s }"]);
    let began = std::time::Instant::now();
    let (second, mut second_told) = start(&workspace, &["apply", "--yes", "--lock-timeout", "60s"]);
    until(&mut second_told, "Another stocktake is at work on this target");
    // So long that its time would be over.
    std::thread::sleep(std::time::Duration::from_millis(2_100).saturating_sub(began.elapsed()));
    shop.finish_index_run();
    assert_eq!(ended(first, first_told), Some(0));
    assert_eq!(ended(second, second_told), Some(0));
}

#[test]
fn of_two_that_start_together_both_end_converged() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let apply = ["apply", "--yes", "--lock-timeout", "60s"];
    let ((first, first_told), (second, second_told)) = (start(&workspace, &apply), start(&workspace, &apply));
    assert_eq!(ended(first, first_told), Some(0));
    assert_eq!(ended(second, second_told), Some(0));
    let mut writes = link_writes(&shop);
    let sent = writes.len();
    writes.dedup();
    assert_eq!(
        (sent, writes.len()),
        (2, 2),
        "one save and one delete: {writes:?}"
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn without_patience_it_says_who_is_at_work() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let (mut first, reported) = at_work(&shop, &workspace);
    let reads = shop.methods()["GET"];
    for command in ["apply", "reindex"] {
        let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
        let arguments = [&[command, "--format", "json"], yes].concat();
        let report: Value = workspace.run(&arguments).exits(1).json();
        let error = report["error"].as_str().expect("it says why");
        let who = format!("process {}, since ", first.id());
        assert!(
            error.contains("`apply` of alice on ") && error.contains(&who),
            "{error}"
        );
        assert!(
            report["hints"][0]
                .as_str()
                .is_some_and(|hint| hint.contains("--lock-timeout"))
        );
    }
    assert_eq!(shop.methods()["GET"], reads, "nothing was asked of the shop");
    // Who only looks is not stopped.
    workspace.run(&["status"]).exits(0);
    workspace.run(&["plan"]).exits(0);
    // Nobody holds a lock after death.
    first.kill().expect("it can be killed");
    drop(reported);
    first.wait().expect("it ends");
    shop.finish_index_run();
    workspace.run(&["apply", "--yes"]).exits(0);
}

/// Somebody cleans the state directory up: another run can take the lock there, so that this one must not go on.
#[test]
#[cfg(unix)]
fn a_run_whose_state_is_removed_writes_nothing_more() {
    // The first write itself, or the read before it.
    for (method, path, nth, code) in [
        ("POST", "stock-source-links", 1, 5),
        ("GET", "inventory/stocks", 1, 1),
    ] {
        let shop = SandboxProcess::demo();
        let state = std::sync::Arc::new(std::sync::Mutex::new(None::<std::path::PathBuf>));
        let folder = std::sync::Arc::clone(&state);
        let proxy = Proxy::before(shop.address, move |asked| {
            let is_due = asked.method == method && asked.path.ends_with(path) && asked.nth == nth;
            let folder = folder.lock().expect("no rule panics").clone().filter(|_| is_due);
            if let Some(folder) = folder {
                std::fs::remove_dir_all(folder).expect("the state can be removed");
            }
            Action::Pass
        });
        let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
        workspace.settings(&proxy.url(), &["reindex: cron"]);
        *state.lock().expect("no rule panics") = Some(workspace.path(".stocktake"));

        let report = workspace
            .run(&["apply", "--yes", "--format", "json"])
            .exits(code)
            .json();

        let reported = report.to_string();
        assert!(
            reported.contains("was removed or replaced while this run was at work"),
            "{reported}"
        );
        let sent = usize::from(code == 5);
        assert_eq!(link_writes(&shop).len(), sent, "the deletes are not sent");
        assert!(!workspace.path(".stocktake").exists(), "nothing is made anew");
    }
}

#[test]
fn another_target_is_not_waited_for() {
    let (shop, other) = (SandboxProcess::demo(), SandboxProcess::demo());
    let workspace = workspace(&shop);
    let (first, reported) = at_work(&shop, &workspace);
    workspace.target(&other.url(), &other.hook(), "60s");
    workspace.run(&["apply", "--yes"]).exits(0);
    shop.finish_index_run();
    assert_eq!(ended(first, reported), Some(0));
}

#[test]
#[cfg(unix)]
fn the_wait_can_be_interrupted() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let (first, first_told) = at_work(&shop, &workspace);
    let (second, mut second_told) = start(&workspace, &["apply", "--yes", "--lock-timeout", "24h"]);
    until(&mut second_told, "waiting up to 86400 s");
    let sent = std::process::Command::new("kill")
        .args(["-INT", &second.id().to_string()])
        .status();
    assert!(sent.expect("signals can be sent").success());
    until(&mut second_told, "interrupted; nothing was written");
    assert_eq!(ended(second, second_told), Some(130));
    shop.finish_index_run();
    assert_eq!(ended(first, first_told), Some(0));
}
