//! `man`: prints or writes the manual pages.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use crate::cli::VARIABLES;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{EXIT_CODES, Exit, Failure};
use crate::target::SIGN_IN_VARIABLES;

/// Print the manual page, or write one for each command to a folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake man > stocktake.1
  stocktake man --out man/man1")]
pub(crate) struct ManArgs {
    /// The folder to write to.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

/// Files, each with the option that names it.
const FILES: [(&str, &str, &str); 3] = [
    (
        "files",
        "inventory.yaml",
        "What is wanted: which sources serve which stocks.",
    ),
    (
        "targets",
        "targets.yaml",
        "The shops, and how careful to be with them.",
    ),
    (
        "state_dir",
        ".stocktake/",
        "The journal, the lock and the state before each apply.",
    ),
];

pub(crate) fn run(args: &ManArgs, mut command: Command, printer: &Printer) -> Result<Exit, Failure> {
    let failed = |error: io::Error| Failure::error("the manual could not be written").caused_by(&error);
    let Some(folder) = &args.out else {
        printer.language(&page(&command).map_err(failed)?.1)?;
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).map_err(failed)?;
    command = command.disable_help_subcommand(true);
    command.build();
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    for command in shown.chain([&command]) {
        let (name, text) = page(command).map_err(failed)?;
        let path = folder.join(name);
        disk::replace(&path, &text).map_err(|error| Failure::unwritable(&path, &error))?;
    }
    Ok(Exit::Done)
}

/// The name and the text of a command's page.
fn page(command: &Command) -> io::Result<(String, String)> {
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render(&mut page)?;
    let mut text = String::from_utf8_lossy(&page).into_owned();
    let codes = EXIT_CODES.iter();
    let codes = codes.map(|code| (code.exit.code().to_string(), code.meaning.to_owned()));
    section(&mut text, "EXIT STATUS", codes);
    section(&mut text, "ENVIRONMENT", variables(command).into_iter());
    let files = FILES.iter().filter(|(option, ..)| has(command, option));
    let files = files.map(|(_, name, meaning)| ((*name).to_owned(), (*meaning).to_owned()));
    section(&mut text, "FILES", files);
    Ok((man.get_filename(), text))
}

/// The variables that act on a command: those of its options, those of signing in, and on the page of the program the others.
fn variables(command: &Command) -> Vec<(String, String)> {
    let of_options = command.get_arguments().filter_map(|argument| {
        let (name, long) = argument.get_env().zip(argument.get_long())?;
        Some((
            name.to_string_lossy().into_owned(),
            format!("The value of `--{long}`."),
        ))
    });
    let mut variables: Vec<_> = of_options.collect();
    if has(command, "url") {
        let of_sign_in = SIGN_IN_VARIABLES.iter();
        variables.extend(of_sign_in.map(|variable| (variable.name.to_owned(), variable.meaning.to_owned())));
    }
    if command.has_subcommands() {
        let others = VARIABLES.iter();
        variables.extend(others.map(|variable| (variable.name.to_owned(), variable.meaning.to_owned())));
    }
    variables
}

fn has(command: &Command, id: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_id() == id)
}

/// Adds a section that explains one word after the other; none if there is no word.
fn section(page: &mut String, title: &str, mut entries: impl Iterator<Item = (String, String)>) {
    let Some(first) = entries.next() else { return };
    page.extend([".SH \"", title, "\"\n"]);
    for (word, meaning) in std::iter::once(first).chain(entries) {
        let (word, meaning) = (escaped(&word), highlighted(&meaning));
        page.extend([".TP\n\\fB", &word, "\\fR\n", &meaning, "\n"]);
    }
}

/// A sentence whose words between backticks stand in bold.
fn highlighted(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ => format!("\\fB{}\\fR", escaped(part)),
        })
        .collect()
}

/// A text in which the typesetter finds no command of its own.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, highlighted};

    #[test]
    fn nothing_in_a_text_is_a_command_of_the_typesetter() {
        assert_eq!(escaped(".stocktake/"), "\\&.stocktake/");
        assert_eq!(escaped("a\\b --yes"), "a\\eb \\-\\-yes");
        assert_eq!(highlighted("with `--out` too"), "with \\fB\\-\\-out\\fR too");
    }
}
