//! `apply`: the plan, the outcome, and nothing written unless it is wanted.

use snapbox::{assert_data_eq, str};

use testkit::binary;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn the_first_command_of_the_readme() {
    let workspace = Workspace::new();
    let planned = workspace.run(&["plan", "--sandbox"]).exits(0).stdout;
    let outcome = workspace.run(&["apply", "--sandbox", "--yes"]).exits(0);
    let applied = outcome
        .stdout
        .strip_prefix(&planned)
        .expect("the whole plan comes first");
    assert_data_eq!(
        applied,
        str![[r#"

Links:   8 done: 2 deleted, 2 created, 1 source reordered (3 priorities renumbered)
Proof:   every link of every changed stock is as wanted
Reindex: done, 1 step in [TIME] s
Applied.

"#]]
    );
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
Reindex step 1 of 1: POST http://127.0.0.1:[PORT]/_sandbox/magento
  | Inventory index has been rebuilt successfully in 00:00:00
  | Product Price index has been rebuilt successfully in 00:00:00
  | Catalog Search index has been rebuilt successfully in 00:00:00

"#]]
    );
}

#[test]
fn what_is_in_sync_is_reported_and_not_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    let writes = shop.writes();
    let outcome = workspace.run(&["apply", "--yes", "-q"]).exits(0);
    assert_eq!(shop.writes(), writes);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
127.0.0.1:[PORT] http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Proof:   every link of every owned stock is as wanted
Reindex: left to the shop's cron; quantities are stale until it has run
Nothing to apply.

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_reindex_that_is_left_to_cron_is_reported_as_such() {
    let shop = SandboxProcess::demo();
    let outcome = Workspace::new().at(shop.url()).run(&["apply", "--yes"]).exits(0);
    assert!(outcome.stdout.ends_with("Applied.\n"));
    assert!(
        outcome
            .stdout
            .contains("Reindex: left to the shop's cron; quantities are stale until it has run\n")
    );
}

#[test]
fn without_yes_and_without_a_terminal_it_is_wrong_usage() {
    let shop = SandboxProcess::demo();
    let outcome = Workspace::new()
        .at(shop.url())
        .run(&["apply"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: apply asks before it writes, and there is no terminal to ask on
  help: give --yes to apply without asking

"#]]
    );
    assert!(shop.methods().is_empty());
}

#[test]
fn exactly_the_links_that_differ_are_written() {
    let shop = SandboxProcess::demo();
    let outlet = shop.links(4);
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(shop.writes(), 2);
    let names = |links: Vec<(String, u64)>| {
        links
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        names(shop.links(2)),
        "ne_wh west_wh brooklyn manhattan huntington berkeley sausalito hq"
    );
    assert_eq!(names(shop.links(3)), "leipzig berlin frankfurt hq");
    assert_eq!(shop.links(4), outlet);
}

/// The question itself, asked on a terminal that `script` makes.
#[cfg(target_os = "linux")]
#[test]
fn only_yes_is_taken_for_an_answer() {
    for (answer, code) in [("no\n", 1), ("y\n", 1), ("", 1), ("yes\n", 0)] {
        let shop = SandboxProcess::demo();
        let workspace = Workspace::new().at(shop.url());
        let mut on_a_terminal = std::process::Command::new("script");
        on_a_terminal.args(["-qec", &format!("{} apply", binary()), "/dev/null"]);
        let asked = workspace.command(&["apply"]);
        on_a_terminal.envs(
            asked
                .get_envs()
                .filter_map(|(name, value)| value.map(|value| (name, value))),
        );
        on_a_terminal.current_dir(asked.get_current_dir().expect("a folder"));
        on_a_terminal
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped());
        let mut child = on_a_terminal.spawn().expect("script is on the machine");
        let mut stdin = child.stdin.take().expect("it is piped");
        std::io::Write::write_all(&mut stdin, answer.as_bytes()).expect("it listens");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let reported = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{answer:?}: {reported}");
        assert_eq!(shop.writes() > 0, code == 0, "{answer:?}: {reported}");
    }
}

/// What was written stays written: exit 1 would say that nothing was.
#[test]
#[cfg(target_os = "linux")]
fn a_report_that_cannot_be_printed_is_reported_on_the_side_and_the_exit_code_stays_true() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let full = || std::fs::File::create("/dev/full").expect("Linux has it");
    let json = ["--format", "json"];
    let ended = |arguments: &[&str]| {
        let output = workspace
            .command(&[arguments, &json[..]].concat())
            .stdout(full())
            .output();
        let output = output.expect("the binary can be started");
        (
            output.status.code(),
            String::from_utf8(output.stderr).expect("output is UTF-8"),
        )
    };
    let (code, reported) = ended(&["apply", "--yes"]);
    assert_eq!((code, shop.writes()), (Some(5), 2), "{reported}");
    assert!(reported.contains("the result could not be printed"), "{reported}");
    assert!(reported.contains("Links:   8 done"), "{reported}");
    let (code, reported) = ended(&["apply", "--yes"]);
    assert_eq!(
        (code, shop.writes()),
        (Some(1), 2),
        "nothing was to be written: {reported}"
    );
    let (code, reported) = ended(&["reindex", "--force"]);
    assert_eq!(code, Some(1), "{reported}");
    assert!(
        reported.contains("Reindex: left to the shop's cron"),
        "{reported}"
    );
    let (code, _) = ended(&["plan"]);
    assert_eq!(code, Some(1), "a plan that nobody can read is not a plan");
}
