//! `completions`, `man`, `--help` and `--version`.

use testkit::workspace::Workspace;

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = Workspace::bare().run(&["completions", shell]).exits(0);
        assert!(outcome.stdout.contains("stocktake"), "{shell}");
        assert!(outcome.stdout.contains("detailed-exitcode"), "{shell}");
        for command in stocktake::cli::command().get_subcommands() {
            assert!(outcome.stdout.contains(command.get_name()), "{shell}: {command}");
        }
        assert_eq!(outcome.stderr, "");
    }
}

const TARGETS: &str = "\
version: 1
targets:
  europe:
    url: https://eu.example.com
    auth: { bearer: { command: [touch, asked] } }
  emerging:
    url: https://em.example.com
    files: [outlet.yaml]
    auth: { bearer: { env: TOKEN } }
";

/// What bash gets for the last of these words, which it replaces.
#[cfg(unix)]
fn bash_replies(workspace: &Workspace, pieces: &[&str]) -> String {
    let outcome = workspace.run(&["completions", "bash"]).exits(0);
    workspace.write("stocktake.bash", &outcome.stdout);
    let words: Vec<_> = pieces
        .iter()
        .map(|piece| format!("'{}'", piece.replace('\'', r"'\''")))
        .collect();
    let (last, previous) = (pieces[pieces.len() - 1], pieces[pieces.len() - 2]);
    let script = format!(
        "source stocktake.bash; COMP_WORDS=(\"$STOCKTAKE\" {}); COMP_CWORD={}\n\
         _stocktake_with_names \"$STOCKTAKE\" '{last}' '{previous}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        pieces.len(),
    );
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", &script])
        .env("STOCKTAKE", workspace.command(&[]).get_program())
        .current_dir(workspace.path("."))
        .output()
        .expect("there is a bash");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

#[cfg(unix)]
#[test]
fn bash_completes_names_of_the_files_and_asks_nobody() {
    let workspace = Workspace::new();
    workspace.write("targets.yaml", TARGETS);
    workspace.write(
        "outlet.yaml",
        "version: 1\nstocks:\n  - { name: Euro Outlet, sources: [hq] }\n",
    );
    for (pieces, wanted) in [
        (["plan", "--target", "e"].as_slice(), "europe\nemerging\n"),
        (&["plan", "--target", "eu"], "europe\n"),
        (&["plan", "--target", "europe,em"], "europe,emerging\n"),
        (&["graph", "--stock", "Eu"], "Europe\\ Stock\n"),
        (
            &["plan", "--allow", "del"],
            "deletes\ndelete-percent=North\\ America\\ Stock\ndelete-percent=Europe\\ Stock\n",
        ),
        (
            &["plan", "--allow", "empty-stock", "=", "Nor"],
            "North\\ America\\ Stock\n",
        ),
        (&["plan", "--targets", "other.yaml", "--target", "e"], "\n"),
        (
            &[
                "plan",
                "--target",
                "emerging",
                "--allow",
                "empty-stock",
                "=",
                "Eu",
            ],
            "Euro\\ Outlet\n",
        ),
        (&["status", "--format", "js"], "json\n"),
    ] {
        assert_eq!(bash_replies(&workspace, pieces), wanted, "{pieces:?}");
    }
    assert!(!workspace.path("asked").exists());
}

#[test]
fn the_manual_is_printed_or_written_page_by_page() {
    let workspace = Workspace::bare();
    let page = workspace.run(&["man"]).exits(0);
    assert!(page.stdout.contains(".SH SYNOPSIS"), "{}", page.stdout);
    let written = workspace
        .run(&["man", "--out", "pages"])
        .exits(0)
        .prints_nothing();
    assert_eq!(written.stderr, "");
    let program = stocktake::cli::command();
    let commands = program
        .get_subcommands()
        .map(|command| format!("-{}", command.get_name()));
    for name in commands.chain([String::new()]) {
        let name = format!("stocktake{name}.1");
        let text = std::fs::read_to_string(workspace.path("pages").join(&name)).expect(&name);
        for part in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", "Examples:"] {
            assert!(text.contains(part), "{name} lacks {part}");
        }
        let (_, exits) = text.split_once(".SH \"EXIT STATUS\"\n").expect("exit codes");
        for code in stocktake::run::EXIT_CODES {
            let heading = format!(".TP\n\\fB{}\\fR\n", code.exit.code());
            assert!(exits.contains(&heading), "{name} lacks {heading}");
        }
    }
    let page = |name: &str| std::fs::read_to_string(workspace.path("pages").join(name)).expect(name);
    let apply = page("stocktake-apply.1");
    for part in [".SH \"FILES\"", "\\fBtargets.yaml\\fR", "\\fBSTOCKTAKE_TOKEN\\fR"] {
        assert!(apply.contains(part), "{part}");
    }
    assert!(page("stocktake.1").contains("\\fBNO_COLOR\\fR"));
    assert!(!page("stocktake-schema.1").contains("targets.yaml\\fR"));
}

#[test]
fn help_and_version_are_results() {
    let workspace = Workspace::bare();
    let version = workspace.run(&["--version"]).exits(0);
    assert_eq!(
        version.stdout,
        concat!("stocktake ", env!("CARGO_PKG_VERSION"), "\n")
    );
    let help = workspace.run(&["--help"]).exits(0);
    for command in stocktake::cli::command().get_subcommands() {
        let command = command.get_name();
        let listed = help
            .stdout
            .lines()
            .any(|line| line.split_whitespace().next() == Some(command));
        assert!(listed, "{command}\n{}", help.stdout);
        let own = workspace.run(&[command, "--help"]).exits(0);
        assert!(own.stdout.contains("Usage: stocktake"), "{command}");
        assert_eq!(own.stderr, "");
    }
}

/// The advice of a guard is pasted into a shell, whatever the stock is called.
#[cfg(unix)]
#[test]
fn the_flag_that_lifts_a_guard_is_one_word_to_a_shell() {
    use stocktake::model::StockName;
    use stocktake::reconcile::{Enforcement, Guard, GuardVerdict};
    for name in [
        "Europe Stock",
        "O'Brien",
        "'",
        "a'b'c",
        "$(reboot)`reboot`",
        "back\\slash",
        "\"quoted\"",
        "tilde ~ star *",
        "!!",
        "line\nbreak",
    ] {
        let guard = Guard::EmptyStock {
            stock: StockName::from_server(name),
            links: 1,
        };
        let verdict = GuardVerdict {
            allowance: guard.allowance(),
            guard,
            effect: Enforcement::Refused,
        };
        let flag = verdict.flag().expect("this guard can be lifted");
        let echo = std::process::Command::new("sh")
            .args(["-c", &format!("printf '<%s>' {flag}")])
            .output()
            .expect("there is a shell");
        let words = String::from_utf8(echo.stdout).expect("output is UTF-8");
        assert_eq!(words, format!("<--allow><empty-stock={name}>"));
    }
}

/// A heading of a group of options does not spread to those that follow the group.
#[test]
fn under_the_heading_of_the_target_stand_only_its_options() {
    let of_target = [
        "target",
        "all-targets",
        "targets",
        "url",
        "token-file",
        "store",
        "sandbox",
        "state-dir",
        "lock-timeout",
        "prove",
    ];
    for command in stocktake::cli::command().get_subcommands() {
        let named = command.get_arguments();
        for option in named.filter(|option| option.get_help_heading() == Some("Target")) {
            let long = option.get_long().expect("options of a target have names");
            assert!(of_target.contains(&long), "{}: --{long}", command.get_name());
        }
    }
}
