//! A signal at a moment of an apply: before, during and between its writes, and during the proof.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use serde_json::Value;

use super::ended;
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

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
    let reported = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    for line in reported {
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
    let moment = Moment {
        name: "reading",
        is: |asked| reads_stocks(asked) && asked.nth == 1,
        action: || Action::Pass,
    };
    let (code, report, writes) = interrupted_at(&moment, false);
    assert_eq!((code, writes), (Some(130), 0), "{report}");
    assert_eq!(report["error"], "interrupted; nothing was written");
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
            is: |asked| reads_stocks(asked) && asked.nth == 2,
            action: || Action::Pass,
        },
        false,
    );
    assert_eq!((code, writes), (Some(130), 2), "{report}");
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "not_tried");
}
