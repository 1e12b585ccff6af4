//! Tips for options and commands of other tools, which people type here too.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use spanned_yaml::diag::shown;

/// A tip for wrong words, after one of those commands; after any where none is named.
struct Tip {
    words: &'static [&'static str],
    after: &'static [&'static str],
    text: &'static str,
}

const fn tip(words: &'static [&'static str], after: &'static [&'static str], text: &'static str) -> Tip {
    Tip { words, after, text }
}

const REHEARSE: &[&str] = &["--dry-run", "--dryrun", "--check", "--diff", "--what-if", "-n"];
const CONFIRM: &[&str] = &[
    "--auto-approve",
    "--approve",
    "--assume-yes",
    "--no-confirm",
    "--no-input",
    "--non-interactive",
    "--yes",
    "-y",
];
const READING: &[&str] = &[
    "plan", "drift", "status", "graph", "doctor", "export", "validate", "show",
];

/// Options: the first entry that fits counts.
const OPTIONS: &[Tip] = &[
    tip(
        REHEARSE,
        READING,
        "this command never writes to a shop: leave the option out",
    ),
    tip(REHEARSE, &["fmt"], "`--check` names the files that would change"),
    tip(
        REHEARSE,
        &["rollback"],
        "a rollback shows its plan and asks before it writes, unless you give `--yes`",
    ),
    tip(
        REHEARSE,
        &["reindex"],
        "`stocktake status` says whether a reindex is owed",
    ),
    tip(
        REHEARSE,
        &[],
        "`stocktake plan` shows what an apply would change, and writes nothing",
    ),
    tip(
        CONFIRM,
        &["apply", "rollback"],
        "`--yes` (`-y`) applies without asking",
    ),
    tip(CONFIRM, &[], "this command asks nothing: leave the option out"),
    tip(
        &["--force", "--no-guard", "--ignore-guards"],
        &["plan", "apply", "rollback"],
        "no option lifts all guards; the plan names the one that lifts each, such as `--allow deletes`",
    ),
    tip(&["--json", "-j"], &[], "`--format json` prints JSON"),
    tip(
        &["--output", "-o"],
        &["export"],
        "`--out PATH` writes the inventory to a file",
    ),
    tip(
        &["--output", "-o"],
        &["plan"],
        "`--out PATH` saves the plan, `--format FORMAT=PATH` writes a report",
    ),
    tip(&["--output", "-o"], &[], "`--format` sets the form of the output"),
    tip(
        &["--env", "--environment", "--profile", "-e"],
        &[],
        "`--target NAME` names a target of targets.yaml",
    ),
    tip(
        &["--inventory", "--input", "-i"],
        &[],
        "`--file PATH` (`-f`) names an inventory file or a folder",
    ),
    tip(
        &["--config", "-c"],
        &[],
        "`--targets PATH` names the file of targets, `--file PATH` (`-f`) the inventory",
    ),
    tip(
        &["--token", "--password", "--user", "--username", "--access-token"],
        &[],
        "arguments are visible to others: put the token into STOCKTAKE_TOKEN, or name its file by `--token-file PATH`",
    ),
    tip(
        &["--insecure", "-k"],
        &[],
        "certificates are always checked; `connection.ca_file` in targets.yaml names an authority of your own",
    ),
];

/// Commands.
const COMMANDS: &[Tip] = &[
    tip(
        &["diff", "preview", "dry-run", "compare"],
        &[],
        "`stocktake plan` shows what an apply would change",
    ),
    tip(
        &["check", "lint", "test"],
        &[],
        "`stocktake validate` checks the files, `stocktake plan` compares them with the shop",
    ),
    tip(
        &["pull", "import", "dump", "fetch"],
        &[],
        "`stocktake export` writes the shop's stocks as an inventory",
    ),
    tip(
        &["push", "sync", "deploy", "up"],
        &[],
        "`stocktake apply` shows the plan, asks and writes",
    ),
    tip(
        &["undo", "revert", "restore"],
        &[],
        "`stocktake rollback` brings the stocks back to before a run",
    ),
    tip(
        &["list", "ls"],
        &[],
        "`stocktake status` shows the shop's stocks, `stocktake targets` the targets",
    ),
    tip(
        &["login", "auth"],
        &[],
        "the sign-in comes from targets.yaml or the environment; `stocktake doctor` checks it",
    ),
    tip(
        &["format"],
        &[],
        "`stocktake fmt` puts inventory files into their canonical form",
    ),
];

/// The commands that take a target's name.
const TARGETED: &[&str] = &["plan", "drift", "status", "doctor", "reindex", "graph", "export"];

/// Puts our tip in place of the parser's, where we have one.
pub(crate) fn with_tip(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    if let Some(tip) = tip_for(&error, arguments) {
        // A likely spelling, and the advice to give the option as a value.
        for other in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
            error.remove(other);
        }
        let tip = ContextValue::StyledStrs(vec![StyledStr::from(tip)]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

fn tip_for(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let words = arguments.iter().skip(1);
    let words: Vec<&str> = words.map(|word| word.to_str().unwrap_or_default()).collect();
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand) {
        return find(COMMANDS, wrong, "");
    }
    let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_command = |word: &&&str| super::command().find_subcommand(word).is_some();
    let command = words.iter().find(is_command).copied().unwrap_or_default();
    if !wrong.starts_with('-') {
        let word = shown(wrong);
        let tip = format!("`--target {word}` names a target, `--file {word}` an inventory file");
        return TARGETED.contains(&command).then_some(tip);
    }
    find(OPTIONS, &spelt_out(wrong, &words), command)
}

/// The option as it was typed: the parser reads `-auto-approve`, with one dash, as `-a` and more.
fn spelt_out(wrong: &str, words: &[&str]) -> String {
    let is_short = !wrong.starts_with("--");
    let whole = |word: &&&str| is_short && word.starts_with(wrong) && word.len() > wrong.len();
    match words.iter().find(whole) {
        Some(word) => format!("-{}", word.split('=').next().unwrap_or_default()),
        None => wrong.to_owned(),
    }
}

fn find(tips: &[Tip], wrong: &str, command: &str) -> Option<String> {
    let fits =
        |tip: &&Tip| tip.words.contains(&wrong) && (tip.after.is_empty() || tip.after.contains(&command));
    tips.iter().find(fits).map(|tip| tip.text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, OPTIONS, TARGETED, with_tip};

    fn tip(line: &str) -> String {
        let arguments: Vec<_> = line.split(' ').map(Into::into).collect();
        let error = crate::cli::command()
            .try_get_matches_from(&arguments)
            .unwrap_err();
        let rendered = with_tip(error, &arguments).render().to_string();
        let tips = rendered
            .lines()
            .filter_map(|line| line.trim().strip_prefix("tip: "));
        tips.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn options_of_other_tools_get_a_tip_that_helps() {
        for (line, contains) in [
            ("stocktake apply --dry-run", "`stocktake plan`"),
            ("stocktake plan --dry-run", "never writes"),
            ("stocktake apply --check", "`stocktake plan`"),
            ("stocktake apply --diff", "`stocktake plan`"),
            ("stocktake rollback -n", "asks before it writes"),
            ("stocktake apply --auto-approve", "`--yes`"),
            ("stocktake apply -auto-approve", "`--yes`"),
            ("stocktake plan -y", "asks nothing"),
            ("stocktake apply --force", "`--allow deletes`"),
            ("stocktake plan --force", "`--allow deletes`"),
            ("stocktake status --json", "`--format json`"),
            ("stocktake plan --token=x", "STOCKTAKE_TOKEN"),
            ("stocktake plan production", "`--target production`"),
            ("stocktake diff", "`stocktake plan`"),
            ("stocktake pull", "`stocktake export`"),
        ] {
            let tip = tip(line);
            assert!(tip.contains(contains), "{line}: {tip}");
            assert_eq!(tip.lines().count(), 1, "{line}: {tip}");
        }
    }

    #[test]
    fn other_words_have_the_parsers_tip() {
        assert_eq!(
            tip("stocktake plan --sandbx"),
            "a similar argument exists: '--sandbox'"
        );
        assert_eq!(tip("stocktake plan --nonsense"), "");
    }

    #[test]
    fn no_tip_is_about_an_option_or_a_command_that_there_is() {
        let grammar = crate::cli::command();
        for entry in COMMANDS {
            let known = entry
                .words
                .iter()
                .find(|word| grammar.find_subcommand(word).is_some());
            assert_eq!(known, None);
        }
        for command in OPTIONS.iter().flat_map(|entry| entry.after).chain(TARGETED) {
            assert!(grammar.find_subcommand(command).is_some(), "{command}");
        }
    }
}
