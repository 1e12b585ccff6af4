//! Standard streams that are full or gone, and files that cannot be opened: nothing panics, and what is said stays true.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use testkit::binary;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

fn full() -> File {
    File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it")
}

/// A stream whose reader has gone.
fn gone() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    writer.into()
}

fn ended(command: &mut Command) -> Output {
    command.output().expect("the binary can be started")
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one document")
}

/// A shop whose first write is carried out and not answered, so that the log has something to say.
fn troubled() -> SandboxProcess {
    let shop = SandboxProcess::demo();
    shop.post(
        "/_sandbox/chaos",
        &json!({ "at": [{ "write": 1, "fault": "cut_after" }] }),
    );
    shop
}

#[test]
fn an_apply_that_nobody_hears_is_carried_out_and_reported_all_the_same() {
    for stderr in [|| Stdio::from(full()), gone] {
        for loud in [&[][..], &["-vvv"], &["--log-format", "json"]] {
            let shop = troubled();
            let workspace = Workspace::new().at(shop.url());
            let arguments = [&["apply", "--yes", "--format", "json"], loud].concat();
            let output = ended(workspace.command(&arguments).stderr(stderr()));
            assert_eq!(output.status.code(), Some(0), "{loud:?}");
            let report = document(&output);
            assert_eq!(report["exit_code"], 0, "{report}");
            assert_eq!(shop.writes(), 2, "{loud:?}");
        }
    }
}

#[test]
fn no_command_minds_that_nobody_hears_it() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.write(
        "untidy.yaml",
        "version: 1\nstocks: [ { name: A,  sources: [] } ]\n",
    );
    workspace.write("wrong.yaml", "version: 1\nstocks:\n  - nme: A\n");
    let commands: [(&[&str], i32); 14] = [
        (&["validate"], 0),
        (&["validate", "-f", "wrong.yaml", "--format", "json"], 1),
        (&["plan"], 0),
        (&["plan", "-vvv", "--format", "json"], 0),
        (&["plan", "-f", "wrong.yaml", "--format", "json"], 1),
        (&["drift", "--format", "json"], 2),
        (&["status", "--format", "json"], 0),
        (&["doctor", "--format", "json"], 0),
        (&["export"], 0),
        (&["graph"], 0),
        (&["fmt", "--check", "untidy.yaml"], 2),
        (&["plan", "--no-such-option", "--format", "json"], 64),
        (&["schema", "plan"], 0),
        (
            &[
                "plan",
                "--target",
                "x",
                "--targets",
                "none.yaml",
                "--format",
                "json",
            ],
            64,
        ),
    ];
    for (arguments, code) in commands {
        for stderr in [|| Stdio::from(full()), gone] {
            let output = ended(workspace.command(arguments).stderr(stderr()));
            assert_eq!(output.status.code(), Some(code), "{arguments:?}");
            if arguments.contains(&"json") {
                document(&output);
            }
        }
    }
}

#[test]
fn a_result_that_nobody_can_read_is_an_error_and_one_that_was_read_enough_is_none() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let commands: [&[&str]; 9] = [
        &["validate"],
        &["plan"],
        &["plan", "--format", "json"],
        &["drift", "--format", "html"],
        &["export"],
        &["schema", "plan"],
        &["completions", "bash"],
        &["--help"],
        &["plan", "--help"],
    ];
    for arguments in commands {
        let output = ended(workspace.command(arguments).stdout(full()));
        let reported = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {reported}");
        assert!(
            reported.contains("the result could not be printed"),
            "{arguments:?}: {reported}"
        );
        assert!(!reported.contains("panicked"), "{reported}");

        let output = ended(workspace.command(arguments).stdout(gone()));
        let reported = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = if arguments[0] == "drift" { 2 } else { 0 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {reported}");
        assert!(!reported.contains("error:"), "{arguments:?}: {reported}");
    }
}

#[test]
fn an_apply_whose_reader_has_gone_goes_on() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let output = ended(workspace.command(&["apply", "--yes"]).stdout(gone()));
    assert_eq!((output.status.code(), shop.writes()), (Some(0), 2));
}

#[test]
fn where_too_few_files_may_be_open_that_is_reported_and_nothing_panics() {
    let workspace = Workspace::new();
    for limit in [7, 10, 14, 20, 30, 40, 48, 64] {
        let line = format!("ulimit -n {limit}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        let arguments = ["apply", "--sandbox", "--yes", "--format", "json"];
        command
            .args(["-c", &line, binary()])
            .args(arguments)
            .current_dir(workspace.path("."))
            .stdin(Stdio::null());
        let output = ended(&mut command);
        let reported = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!reported.contains("panicked"), "{limit}: {reported}");
        let report = document(&output);
        if output.status.code() == Some(1) {
            assert!(
                reported.contains("too few files may be open at once"),
                "{limit}: {reported}"
            );
            assert_eq!(report["exit_code"], 1, "{report}");
        } else {
            assert_eq!(output.status.code(), Some(0), "{limit}: {reported}");
        }
        assert_eq!(output.status.code() == Some(1), limit < 48, "{limit}: {reported}");
    }
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n 100; exec \"$0\" doctor --sandbox", binary()])
        .current_dir(workspace.path("."));
    let output = ended(&mut command);
    let reported = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(reported.contains("no more than 100 at once"), "{reported}");
    assert_eq!(output.status.code(), Some(0), "{reported}");
}

#[test]
fn a_result_is_written_in_one_piece() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    for color in ["never", "always"] {
        // Each write to it is a message of its own.
        let (ours, theirs) = UnixDatagram::pair().expect("a pair can be made");
        ours.set_read_timeout(Some(Duration::from_millis(100)))
            .expect("a socket has a patience");
        let mut child = workspace
            .command(&["plan", "--color", color])
            .stdout(OwnedFd::from(theirs))
            .spawn()
            .expect("the binary can be started");
        let mut pieces = Vec::new();
        let mut piece = vec![0; 1 << 20];
        loop {
            match ours.recv(&mut piece) {
                Ok(length) => pieces.push(String::from_utf8_lossy(&piece[..length]).into_owned()),
                Err(_) if child.try_wait().expect("it is ours").is_some() => break,
                Err(_) => {}
            }
        }
        assert_eq!(pieces.len(), 1, "{pieces:#?}");
        assert!(pieces[0].contains("Plan:"), "{pieces:#?}");
        assert_eq!(pieces[0].contains('\u{1b}'), color == "always");
    }
}
