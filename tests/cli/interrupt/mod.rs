//! Signals: the first one lets what is under way end, writes the report and keeps the debt; the second stops at once.
#![cfg(unix)]

mod moments;
mod waits;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

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
