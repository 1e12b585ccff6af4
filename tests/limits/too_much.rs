//! Files without an end, or longer than any could be: refused before they are read, in no time and little memory.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;
use std::time::Duration;

use wait4::Wait4 as _;

use testkit::peak_memory::took_less;
use testkit::workspace::{TOKEN, Workspace};

/// The most memory that a refusal may take, in bytes.
const MOST: u64 = 100 << 20;

/// Makes a file of that length that takes no place on the disk.
fn hollow(workspace: &Workspace, name: &str, mebibytes: u64) {
    workspace.write(name, "");
    let file = File::options()
        .write(true)
        .open(workspace.path(name))
        .expect("it was made");
    file.set_len(mebibytes << 20).expect("files can be hollow");
}

/// Runs a command that must be refused with that message, soon and with little memory.
#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str], reported: &str) {
    refused_within(workspace, arguments, reported, MOST, Duration::from_secs(2));
}

#[track_caller]
fn refused_within(
    workspace: &Workspace,
    arguments: &[&str],
    reported: &str,
    most_memory: u64,
    most_time: Duration,
) {
    let mut command = workspace.command(arguments);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be started");
    let mut stderr = child.stderr.take().expect("it is piped");
    let heard = std::thread::spawn(move || std::io::read_to_string(&mut stderr));
    let ended = child.wait4().expect("it ends");
    let heard = heard.join().expect("it is heard").expect("output is UTF-8");
    assert!(
        heard.contains(reported),
        "{arguments:?}: no `{reported}`: {heard}"
    );
    assert_eq!(ended.status.code(), Some(1), "{heard}");
    let (memory, time) = (ended.rusage.maxrss, ended.rusage.utime + ended.rusage.stime);
    assert!(
        took_less(&ended, most_memory),
        "{arguments:?} took {memory} bytes"
    );
    assert!(time < most_time, "{arguments:?} took {time:?}");
}

#[test]
fn inventories_share_one_budget() {
    let workspace = Workspace::bare();
    hollow(&workspace, "inventory.yaml", 2048);
    let reported = "inventory.yaml cannot be read: the files of a run hold at most 64 MiB together";
    for arguments in [
        &["validate"][..],
        &["fmt"],
        &["plan", "--sandbox"],
        &["export", "--update", "--sandbox"],
    ] {
        refused(&workspace, arguments, reported);
    }
    for number in 0..30 {
        hollow(&workspace, &format!("inv/{number:02}.yaml"), 60);
    }
    refused(
        &workspace,
        &["validate", "-f", "inv"],
        "inv/01.yaml cannot be read: the files of a run hold",
    );
    refused(
        &workspace,
        &["validate", "-f", "inv/00.yaml", "-f", "inv/07.yaml"],
        "inv/07.yaml cannot be read",
    );
}

#[cfg(unix)]
#[test]
fn streams_are_no_inventories() {
    let workspace = Workspace::bare();
    std::os::unix::fs::symlink("/dev/zero", workspace.path("inventory.yaml")).expect("a link can be made");
    refused(&workspace, &["validate"], "because: it is a device, not a file");
    refused(
        &workspace,
        &["validate", "-f", "/dev/zero"],
        "because: it is a device, not a file",
    );
    let made = std::process::Command::new("mkfifo")
        .arg(workspace.path("pipe.yaml"))
        .status();
    assert!(made.expect("it can be started").success());
    for command in ["validate", "drift"] {
        let sandbox: &[&str] = if command == "drift" { &["--sandbox"] } else { &[] };
        refused(
            &workspace,
            &[&[command, "-f", "pipe.yaml"], sandbox].concat(),
            "because: it is a pipe, not a file",
        );
    }
}

#[cfg(unix)]
#[test]
fn standard_input_is_read_up_to_the_budget() {
    let workspace = Workspace::bare();
    let zero = File::open("/dev/zero").expect("it is there");
    let outcome = workspace
        .command(&["fmt", "-"])
        .stdin(zero)
        .output()
        .expect("it can be started");
    assert_eq!(outcome.status.code(), Some(1));
    let reported = String::from_utf8(outcome.stderr).expect("output is UTF-8");
    assert!(
        reported.contains("it is longer than 64 MiB, the most that is read"),
        "{reported}"
    );
}

/// Every other file that is read: each is refused by its own name.
#[test]
fn all_that_is_read_has_a_bound() {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    hollow(&workspace, "much", 2048);
    hollow(&workspace, "targets.yaml", 2048);
    refused(
        &workspace,
        &["plan"],
        "targets.yaml cannot be read: the files of a run hold at most 64 MiB together",
    );
    refused(&workspace, &["targets"], "targets.yaml cannot be read");
    refused(
        &workspace,
        &["show", "much"],
        "because: it is longer than 512 MiB, the most that is read",
    );
    refused(
        &workspace,
        &["apply", "--yes", "--sandbox", "much"],
        "the plan much cannot be read",
    );
    let certificates = "connection: { ca_file: much }";
    workspace.settings("https://127.0.0.1:9", &[certificates]);
    refused(
        &workspace,
        &["plan"],
        "much cannot be read\n  because: it is longer than 16 MiB, the most that is read",
    );
    workspace.settings(
        "https://127.0.0.1:9",
        &["connection: { client_certificate: much }"],
    );
    refused(
        &workspace,
        &["plan"],
        "much cannot be read\n  because: it is longer than 16 MiB",
    );
    workspace.settings("https://127.0.0.1:9", &["notify: [{ webhook: { file: much } }]"]);
    refused(
        &workspace,
        &["drift", "--sandbox", "--metrics", "much"],
        "the metrics file much cannot be read",
    );
    let secret =
        "version: 1\ntargets:\n  shop:\n    url: https://127.0.0.1:9\n    auth: { bearer: { file: much } }\n";
    workspace.write("targets.yaml", secret);
    refused(&workspace, &["plan"], "the file `much` holds more than one line");
}

#[test]
fn the_state_has_a_bound() {
    let shop = testkit::sandbox_process::SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    let journal = workspace.journal();
    let file = File::options().write(true).open(&journal).expect("it is there");
    file.set_len(2048 << 20).expect("files can be hollow");
    for arguments in [&["status"][..], &["drift"], &["apply", "--yes"], &["reindex"]] {
        refused(
            &workspace,
            arguments,
            "because: it is longer than 512 MiB, the most that is read",
        );
    }
}

/// What is within the budget and is no inventory takes little more than its own memory.
#[test]
fn nonsense_is_no_multiple_of_itself() {
    let workspace = Workspace::bare();
    // Lines take long to read in a debug build, so there are fewer of them, in as much less memory.
    for (byte, mebibytes, reported, most_memory, most_time) in [
        (b'\n', 16, "error[empty-file]", 54 << 20, Duration::from_mins(1)),
        (0xff, 40, "error[not-utf8]", MOST, Duration::from_secs(2)),
        (0, 40, "error[not-utf8]", MOST, Duration::from_secs(2)),
    ] {
        // Not in one piece: our own memory counts as a child's.
        let mut file = File::create(workspace.path("inventory.yaml")).expect("it can be made");
        let mut text = std::io::repeat(byte).take(mebibytes << 20);
        std::io::copy(&mut text, &mut file).expect("it can be written");
        refused_within(&workspace, &["validate"], reported, most_memory, most_time);
    }
}

#[test]
fn a_deep_folder_is_walked_in_no_time() {
    let workspace = Workspace::bare();
    std::fs::create_dir_all(workspace.path("inv").join("d/".repeat(1_500))).expect("it can be made");
    refused(
        &workspace,
        &["validate", "-f", "inv"],
        "the folder inv holds no .yaml or .yml file",
    );
}
