//! Signals: the first one lets what is under way end, writes the report and keeps the debt; the second stops at once.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use serde_json::Value;

use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// A shop whose index is held open, and an apply that has written its links and waits for it.
pub fn waiting(shop: &SandboxProcess, workspace: &Workspace, arguments: &[&str]) -> Child {
    shop.begin_index_run();
    workspace.target(&shop.url(), &shop.hook(), "5m");
    let mut child = workspace
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut lines = BufReader::new(child.stderr.as_mut().expect("it is piped")).lines();
    let waits = lines.any(|line| {
        line.expect("output is UTF-8")
            .contains("another index run is working")
    });
    assert!(waits, "it never found the index held");
    child
}

/// Sends a signal.
pub fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("signals can be sent").success());
}

/// The exit code and standard output of a run that ends.
pub fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut stdout = String::new();
    child
        .stdout
        .take()
        .expect("it is piped")
        .read_to_string(&mut stdout)
        .expect("output is UTF-8");
    (child.wait().expect("it ends").code(), stdout)
}

#[test]
fn a_signal_ends_the_wait_with_a_true_report_and_the_next_run_goes_on() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let shop = SandboxProcess::demo();
        let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
        let child = waiting(&shop, &workspace, &["apply", "--yes", "--format", "json"]);
        send(signal, &child);
        let (ended, stdout) = ended(child);
        assert_eq!(ended, Some(code), "{stdout}");
        let report: Value = serde_json::from_str(&stdout).expect("the document is complete");
        assert_eq!(report["exit_code"], code);
        assert_eq!(report["proof"]["state"], "converged");
        assert_eq!(report["reindex"]["state"], "failed");
        assert_eq!(report["reindex"]["steps"][0]["failure"]["reason"], "interrupted");

        shop.finish_index_run();
        let writes = shop.writes();
        workspace.run(&["apply", "--yes"]).exits(0);
        assert_eq!(shop.writes(), writes, "only the reindex was owed");
        assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    }
}

/// The first signal has the report written, the second one may come while that is being done.
#[test]
fn two_signals_at_once_leave_one_document() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    for _ in 0..6 {
        let child = waiting(&shop, &workspace, &["apply", "--yes", "--format", "json"]);
        send("-INT", &child);
        send("-TERM", &child);
        let (code, stdout) = ended(child);
        assert!(code == Some(130) || code == Some(143), "{code:?}");
        let document: Value =
            serde_json::from_str(&stdout).expect("there is one document, and it is complete");
        assert_eq!(document["exit_code"], code.unwrap_or_default());
        shop.finish_index_run();
    }
}

#[test]
fn a_signal_before_anything_is_written_ends_the_command() {
    // A shop that takes connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let workspace = Workspace::new().at(url);
    let mut child = workspace
        .command(&["plan", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let _asked = silent.accept().expect("the plan asks");
    send("-INT", &child);
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("it is piped")
        .read_to_string(&mut stderr)
        .expect("output is UTF-8");
    let (code, stdout) = ended(child);
    assert_eq!(code, Some(130));
    assert_eq!(stderr, "error: interrupted; nothing was written\n");
    let document: Value = serde_json::from_str(&stdout).expect("the document is complete");
    assert_eq!(document["exit_code"], 130);
}

/// A program that fetches a secret may wait for a person, and a file may be a pipe that nobody writes to.
#[test]
fn a_signal_is_heard_while_a_file_or_a_program_is_waited_for() {
    let workspace = Workspace::new();
    workspace.write(
        "targets.yaml",
        "version: 1\ntargets:\n  shop:\n    url: http://127.0.0.1:9\n    \
         auth: { bearer: { command: [sh, -c, 'echo waiting $$ >&2; exec sleep 20'] } }\n",
    );
    let mut plan = workspace
        .command(&["plan"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let told = BufReader::new(plan.stderr.take().expect("it is piped"));
    let mut lines = told.lines().map(|line| line.expect("output is UTF-8"));
    let program = lines
        .find_map(|line| Some(line.split_once("waiting ")?.1.to_owned()))
        .expect("it asks for the secret");
    let sent = std::time::Instant::now();
    send("-TERM", &plan);
    let (code, _) = ended(plan);
    assert_eq!(code, Some(143));
    assert!(
        sent.elapsed().as_secs() < 10,
        "it waited for the program's own end"
    );
    // It is killed at once, and taken off the process table a little later.
    let lives_on = || {
        let mut kill = Command::new("kill");
        let kill = kill.args(["-0", &program]).stderr(Stdio::null());
        kill.status().expect("signals can be sent").success()
    };
    while lives_on() {
        assert!(sent.elapsed().as_secs() < 10, "the program outlives the run");
    }
}

/// A moment of an apply: the request that marks it, and how the proxy treats that request.
struct Moment {
    name: &'static str,
    is: fn(&Request) -> bool,
    action: fn() -> Action,
}

/// What an apply did that was interrupted at a moment: its exit code, its report, how many links the shop was sent. An echo is
/// the same signal once more: from the runner of a job, and from the script between.
fn interrupted_at(moment: &Moment, echo: bool) -> (Option<i32>, Value, usize) {
    let shop = SandboxProcess::demo();
    let running: Arc<Mutex<Option<u32>>> = Arc::default();
    let asking = Arc::clone(&running);
    let (heard, hears) = mpsc::channel();
    let (is, action) = (moment.is, moment.action);
    let proxy = Proxy::before(shop.address, move |asked| {
        if !is(asked) {
            return Action::Pass;
        }
        let pid = asking
            .lock()
            .expect("nobody panics with it")
            .expect("who asks was started");
        let interrupt = || {
            let sent = Command::new("kill").args(["-INT", &pid.to_string()]).status();
            assert!(sent.expect("signals can be sent").success());
        };
        interrupt();
        // Answered when the signal has been heard: then the order is certain.
        hears.recv().expect("the run tells or ends");
        if echo {
            interrupt();
        }
        action()
    });
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&proxy.url(), &shop.hook(), "60s");
    workspace.connection("consistency_wait: 1ms");
    let mut child = {
        let mut running = running.lock().expect("nobody has asked yet");
        let child = workspace
            .command(&["apply", "--yes", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        *running = Some(child.id());
        child
    };
    let told = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    for line in told {
        if line.expect("output is UTF-8").starts_with("Interrupted: ") {
            heard.send(()).expect("the proxy listens");
        }
    }
    // The run has ended; a signal that ends it at once is told in no other way.
    let _ = heard.send(());
    let (code, stdout) = ended(child);
    let report =
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{}: {error}: {stdout}", moment.name));
    let writes = proxy.seen().iter().filter(|asked| asked.method == "POST").count();
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.quantity("alpine-jacket", 2), 42, "{}", moment.name);
    (code, report, writes)
}

fn reads_stocks(asked: &Request) -> bool {
    asked.method == "GET" && asked.path.ends_with("/inventory/stocks")
}

fn saves_first(asked: &Request) -> bool {
    asked.method == "POST" && asked.nth == 1 && asked.path.ends_with("stock-source-links")
}

#[test]
fn a_signal_before_the_first_write_leaves_everything_as_it_was() {
    for moment in [
        Moment {
            name: "reading",
            is: |asked| reads_stocks(asked) && asked.nth == 1,
            action: || Action::Pass,
        },
        Moment {
            name: "comparing",
            is: |asked| reads_stocks(asked) && asked.nth == 2,
            action: || Action::Pass,
        },
    ] {
        let (code, report, writes) = interrupted_at(&moment, false);
        assert_eq!((code, writes), (Some(130), 0), "{}: {report}", moment.name);
        assert_eq!(
            report["error"], "interrupted; nothing was written",
            "{}",
            moment.name
        );
    }
}

#[test]
fn a_signal_while_a_write_is_under_way_lets_it_end_and_no_other_begins() {
    for echo in [false, true] {
        let moment = Moment {
            name: "writing",
            is: saves_first,
            action: || Action::Pass,
        };
        let (code, report, writes) = interrupted_at(&moment, echo);
        assert_eq!((code, writes), (Some(130), 1), "{report}");
        assert_eq!(report["stopped_by"], "interrupted");
        assert_eq!(report["reindex"]["state"], "not_tried");
        let results = report["stocks"].to_string();
        let count = |result: &str| results.matches(&format!("\"result\":\"{result}\"")).count();
        assert_eq!(
            (count("not_tried"), count("done")),
            (2, 6),
            "the deletes: {results}"
        );
    }
}

#[test]
fn a_signal_in_the_pause_before_another_try_ends_it_and_there_is_no_other_try() {
    let (code, report, writes) = interrupted_at(
        &Moment {
            name: "pausing",
            is: saves_first,
            action: || {
                // Nobody knows whether the shop is still at work on the write.
                let body = r#"{"message": "Too Many Requests"}"#;
                Action::Answer(Canned::new(429, "application/json", body).with("Retry-After", "50"))
            },
        },
        false,
    );
    assert_eq!((code, writes), (Some(130), 1), "{report}");
    assert_eq!(report["reindex"]["state"], "not_tried");
    assert!(
        !report["stocks"].to_string().contains(r#""result":"done""#),
        "{report}"
    );
}

#[test]
fn a_signal_during_the_proof_lets_it_end_and_leaves_the_reindex_owed() {
    let (code, report, writes) = interrupted_at(
        &Moment {
            name: "proving",
            is: |asked| reads_stocks(asked) && asked.nth == 3,
            action: || Action::Pass,
        },
        false,
    );
    assert_eq!((code, writes), (Some(130), 2), "{report}");
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "not_tried");
}
