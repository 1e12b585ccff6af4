//! At a terminal: tables as wide as it is, colour for who looks, progress beside the result.

#[cfg(unix)]
use std::process::Stdio;

use textwrap::core::display_width;

use testkit::sandbox_process::SandboxProcess;
#[cfg(unix)]
use testkit::terminal::Terminal;
use testkit::workspace::Workspace;

/// What the demo shop's table of stocks names.
const NAMED: [&str; 8] = [
    "North America Stock",
    "Outlet Stock",
    "ca_site",
    "spare_site",
    "9 austin_wh",
    "4 baltimore_wh",
    "Default Stock",
    "unmanaged",
];

/// The lines of a table or a list, without the sentences below it.
fn table(status: &str) -> Vec<&str> {
    status
        .lines()
        .take_while(|line| !line.starts_with("Reindex:"))
        .collect()
}

/// The words of a table, whatever lines they stand on.
fn words(table: &[&str]) -> String {
    let text = table.join(" ").replace(['│', '─', '═', '╞', '╡'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_fits(lines: &[&str], columns: usize) {
    for line in lines {
        assert!(display_width(line) <= columns, "{columns}: {line}");
    }
}

#[test]
fn the_status_fits_and_nothing_is_cut() {
    let shop = SandboxProcess::demo();
    for columns in [40, 80, 200] {
        let workspace = Workspace::new()
            .at(shop.url())
            .variable("COLUMNS", columns.to_string());
        let status = workspace.run(&["status", "--prove", "index"]).exits(0).stdout;
        assert_fits(&status.lines().collect::<Vec<_>>(), columns);
        let lines = table(&status);
        assert!(!status.contains('…'), "{status}");
        let reported = words(&lines);
        for part in NAMED.iter().flat_map(|name| name.split(' ')) {
            assert!(reported.contains(part), "{columns}: no {part} in\n{status}");
        }
        // A number never stands on another line than the source that it belongs to.
        for link in ["9 austin_wh", "4 baltimore_wh"] {
            assert!(lines.iter().any(|line| line.contains(link)), "{status}");
        }
    }
}

#[test]
fn without_a_terminal_the_status_is_a_list() {
    let status = Workspace::new().run(&["status", "--sandbox"]).exits(0).stdout;
    assert!(!status.contains('│'), "{status}");
    assert_fits(&table(&status), 100);
    for nonsense in ["0", "wide", "-3"] {
        let workspace = Workspace::new().variable("COLUMNS", nonsense);
        assert_eq!(workspace.run(&["status", "--sandbox"]).exits(0).stdout, status);
    }
}

#[test]
fn the_doctor_fits_and_nothing_is_cut() {
    let shop = SandboxProcess::demo();
    let hint = "no step visibly rebuilds the inventory index; its word is taken";
    for columns in [40, 80, 200] {
        let workspace = Workspace::new()
            .variable("SHOP_TOKEN", testkit::workspace::TOKEN)
            .variable("COLUMNS", columns.to_string());
        workspace.settings(&shop.url(), &["reindex: [{ run: [\"true\"] }]"]);
        let reported = workspace.run(&["doctor"]).exits(0).stdout;
        let lines: Vec<&str> = reported.lines().collect();
        assert_fits(&lines, columns);
        assert!(words(&lines).contains(hint), "{reported}");
        assert!(words(&lines).contains("help: `prove: index`"), "{reported}");
    }
}

#[cfg(unix)]
#[test]
fn a_table_is_as_wide_as_the_terminal() {
    for columns in [40, 80, 120] {
        let terminal = Terminal::new(columns);
        let workspace = Workspace::new();
        let mut command = workspace.command(&["status", "--sandbox", "--color", "never"]);
        command.stdout(terminal.end()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary can be started");
        drop(command);
        let shown = terminal.shown();
        assert!(child.wait().expect("it ends").success(), "{shown}");
        let lines = table(&shown);
        assert_fits(&lines, columns.into());
        assert!(
            lines.iter().any(|line| display_width(line) + 16 > columns.into()),
            "{columns} columns are there to be used:\n{shown}"
        );
    }
}

#[cfg(unix)]
#[test]
fn colour_is_for_who_looks_and_says_nothing_alone() {
    let workspace = Workspace::new();
    let plain = workspace.run(&["plan", "--sandbox"]).exits(0).stdout;
    for (variables, arguments, coloured) in [
        (&[("TERM", "xterm")][..], &[][..], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], &[], false),
        (&[("TERM", "dumb")], &[], false),
        (&[("TERM", "xterm")], &["--color", "never"], false),
        (
            &[("TERM", "xterm"), ("NO_COLOR", "1")],
            &["--color", "always"],
            true,
        ),
    ] {
        let terminal = Terminal::new(80);
        let mut command = workspace.command(&[&["plan", "--sandbox"], arguments].concat());
        command
            .envs(variables.iter().copied())
            .stdout(terminal.end())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary can be started");
        drop(command);
        let shown = terminal.shown();
        assert!(child.wait().expect("it ends").success(), "{shown}");
        assert_eq!(
            shown.contains('\u{1b}'),
            coloured,
            "{variables:?} {arguments:?}: {shown:?}"
        );
        let read = anstream::adapter::strip_str(&shown).to_string();
        let without_port = |text: &str| text.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert_eq!(without_port(&read), without_port(&plain));
    }
}

#[cfg(unix)]
#[test]
fn progress_stands_beside_the_result() {
    let workspace = Workspace::new();
    let plain = workspace.run(&["apply", "--sandbox", "--yes"]).exits(0).stdout;
    for (variable, moves) in [("SHELL", true), ("CI", false)] {
        let terminal = Terminal::new(80);
        let mut command = workspace.command(&["apply", "--sandbox", "--yes"]);
        command
            .env("TERM", "xterm")
            .env(variable, "1")
            .stdout(Stdio::piped())
            .stderr(terminal.end());
        let child = command.spawn().expect("the binary can be started");
        drop(command);
        let shown = terminal.shown();
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{shown}");
        // A line that is written anew is one that moves.
        let is_moving = shown.contains('\r') || shown.contains("\u{1b}[2K");
        assert_eq!(is_moving, moves, "{variable}: {shown:?}");
        let stdout = String::from_utf8(output.stdout).expect("output is UTF-8");
        assert!(!stdout.contains('\u{1b}'), "{stdout:?}");
        assert_eq!(stdout.lines().count(), plain.lines().count());
    }
}

#[test]
fn the_list_of_targets_fits_and_breaks_no_word_that_has_room() {
    for columns in [30, 60, 80, 200] {
        let workspace = Workspace::new().variable("COLUMNS", columns.to_string());
        workspace.settings("https://shop.example.com/", &["default: true", "reindex: cron"]);
        let reported = workspace.run(&["targets"]).exits(0).stdout;
        let lines: Vec<_> = reported.lines().collect();
        assert_fits(&lines, columns);
        for word in ["https://shop.example.com/", "bearer", "cron", "default"] {
            assert!(
                words(&lines).contains(word),
                "{columns}: no {word} in\n{reported}"
            );
        }
    }
}
