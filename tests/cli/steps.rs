//! Reindex steps that run a program: they end with all that they started when their time is over or the run is ended.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// A shop whose only reindex step is a line for a shell.
fn workspace(shop: &SandboxProcess, line: &str, timeout: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - run: [sh, -c, \"{line}\"]\n        timeout: {timeout}\n",
            shop.url()
        ),
    );
    workspace
}

/// Whether a process runs; one that has ended and that nobody has waited for does not.
fn runs(pid: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", pid]).output();
    let state = String::from_utf8(state.expect("processes can be listed").stdout).expect("it is text");
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

/// The number behind a word in what was told.
fn number<'a>(reported: &'a str, word: &str) -> &'a str {
    let (_, rest) = reported
        .split_once(word)
        .unwrap_or_else(|| panic!("no {word}: {reported}"));
    rest.split_whitespace().next().expect("a number follows")
}

#[test]
fn a_step_whose_time_is_over_leaves_nothing_behind() {
    let shop = SandboxProcess::demo();
    let outcome = workspace(&shop, "sleep 600 & echo child=$!; wait", "1s")
        .run(&["reindex", "--force"])
        .exits(6);
    assert!(
        outcome.stdout.contains("not done within 1 s"),
        "{}",
        outcome.stdout
    );
    assert!(!runs(number(&outcome.stderr, "child=")));
}

#[test]
fn a_step_is_asked_before_it_is_forced() {
    let shop = SandboxProcess::demo();
    let line = "trap 'echo tidied up; exit 0' TERM; echo begun; while :; do sleep 0.1; done";
    let outcome = workspace(&shop, line, "1s").run(&["reindex", "--force"]).exits(6);
    assert!(outcome.stderr.contains("  | tidied up\n"), "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("not done within 1 s"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_step_that_does_not_listen_is_forced() {
    let shop = SandboxProcess::demo();
    let line = "trap '' TERM; sh -c 'echo child=$$; while :; do sleep 1; done'";
    let began = Instant::now();
    let outcome = workspace(&shop, line, "1s").run(&["reindex", "--force"]).exits(6);
    assert!(began.elapsed() < Duration::from_mins(1), "it was waited for");
    assert!(!runs(number(&outcome.stderr, "child=")));
}

#[test]
fn steps_have_times_of_their_own() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    let rebuild = format!(
        "- http: {{ url: '{}/_sandbox/magento', body: '{{\"argv\": [\"indexer:reindex\"]}}' }}",
        shop.url()
    );
    let settings = [
        "connection: { run_timeout: 2s }",
        "reindex:",
        "  - run: [sleep, '3']",
        &format!("  {rebuild}"),
        "  - wait: { interval: 1s }",
    ];
    workspace.settings(&shop.url(), &settings);
    // The last step asks the shop, long after the time for all requests.
    let outcome = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(outcome.stdout.contains("Reindex: done"), "{}", outcome.stdout);
}

/// A run that has started its step, and what it tells; both streams are piped.
fn started(workspace: &Workspace) -> (Child, Lines<BufReader<ChildStderr>>) {
    let mut reindex = workspace
        .command(&["reindex", "--force"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let stderr = reindex.stderr.take().expect("it is piped");
    (reindex, BufReader::new(stderr).lines())
}

/// Reads up to the line that holds a word.
#[track_caller]
fn line_with(reported: &mut Lines<BufReader<ChildStderr>>, word: &str) -> String {
    let mut lines = reported.map(|line| line.expect("output is UTF-8"));
    let found = lines.find(|line| line.contains(word));
    found.unwrap_or_else(|| panic!("it never said: {word}"))
}

fn interrupt(run: &Child) {
    send(run, "-INT");
}

fn send(run: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args([signal, &run.id().to_string()])
        .status();
    assert!(sent.expect("signals can be sent").success());
}

#[test]
fn a_signal_to_the_run_ends_the_step_with_all_that_it_started() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, "sleep 600 & echo child=$!; wait", "10m");
    let (reindex, mut reported) = started(&workspace);
    let child = line_with(&mut reported, "| child=");
    interrupt(&reindex);
    let output = reindex.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    let stdout = String::from_utf8(output.stdout).expect("output is UTF-8");
    let told = ": interrupted\n         help: an index run that is ended midway leaves the shop's index at `working`";
    assert!(stdout.contains(told), "{stdout}");
    assert!(!runs(number(&child, "child=")));
}

#[test]
fn a_second_signal_ends_a_step_that_takes_its_time_at_once() {
    let shop = SandboxProcess::demo();
    let line = "trap 'echo asked' TERM; echo child=$$; while :; do sleep 0.1; done";
    let workspace = workspace(&shop, line, "10m");
    let (reindex, mut reported) = started(&workspace);
    let child = line_with(&mut reported, "| child=");
    interrupt(&reindex);
    line_with(&mut reported, "| asked");
    // The same one so soon could be an echo of the first.
    send(&reindex, "-TERM");
    line_with(&mut reported, "interrupted twice and stopped at once");
    let output = reindex.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(143));
    assert!(!runs(number(&child, "child=")));
}
