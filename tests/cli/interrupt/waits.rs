//! A signal while the command waits: for an index run, a file or a program.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{ended, send, waiting};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

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
    let reported = BufReader::new(plan.stderr.take().expect("it is piped"));
    let mut lines = reported.lines().map(|line| line.expect("output is UTF-8"));
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
