//! Wrong usage: told on standard error, and on standard output too where a program reads there.

use std::ffi::OsString;

use anstream::ColorChoice;
use clap::error::ErrorKind;
use spanned_yaml::diag::{escape_text, json_text};

use crate::cli::output::{json_log, streams};
use crate::report::FailureReport;
use crate::run::Exit;
use crate::run::Failure;

/// Tells what the arguments came to instead of a command: help and version are what was asked for; anything else is
/// wrong usage.
pub(crate) fn tell(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let told = failure(error);
    if error.use_stderr() && wants_lines(arguments) {
        json_log::complain(&FailureReport::from(&told), None);
    } else {
        let message = error.render().ansi().to_string();
        // It quotes arguments.
        let message = escape_text(&message);
        if error.use_stderr() {
            streams::tell(&message, ColorChoice::Auto);
        } else {
            return printed(&message);
        }
    }
    if wants_json(arguments) {
        match json_text(&FailureReport::from(&told)) {
            Ok(text) => _ = printed(&text),
            Err(error) => streams::tell(&format!("error: {error}\n"), ColorChoice::Never),
        }
    }
    Exit::Usage
}

/// Prints on standard output; what cannot be printed is told.
fn printed(text: &str) -> Exit {
    match streams::print(text, ColorChoice::Auto) {
        Ok(()) => Exit::Done,
        Err(error) => {
            let told = format!("error: the result could not be printed\n  because: {error}\n");
            streams::tell(&told, ColorChoice::Never);
            Exit::Error
        }
    }
}

/// Whether a JSON document is expected on standard output; the arguments could not be read as a whole.
pub(crate) fn wants_json(arguments: &[OsString]) -> bool {
    values(arguments, "--format")
        .iter()
        .any(|forms| forms.split(',').any(|form| matches!(form, "json" | "json=-")))
}

/// Whether messages are to be lines of JSON: the last word on the command line, or that of the environment.
fn wants_lines(arguments: &[OsString]) -> bool {
    match values(arguments, "--log-format").last() {
        Some(format) => *format == "json",
        None => std::env::var("STOCKTAKE_LOG_FORMAT").is_ok_and(|format| format == "json"),
    }
}

/// What is given behind an option, wherever it stands.
fn values<'a>(arguments: &'a [OsString], option: &str) -> Vec<&'a str> {
    let mut words = arguments
        .iter()
        .map(|argument| argument.to_str().unwrap_or_default())
        .take_while(|word| *word != "--");
    let mut values = Vec::new();
    while let Some(word) = words.next() {
        values.extend(match word.strip_prefix(option) {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('='),
            None => None,
        });
    }
    values
}

/// The parser's message in the parts that our own failures have.
fn failure(error: &clap::Error) -> Failure {
    let message = error.render().to_string();
    let mut paragraphs = message.split("\n\n").map(str::trim);
    let told = match error.kind() {
        // Then the message is the whole help.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing",
        _ => paragraphs.next().unwrap_or_default(),
    };
    let told = told.strip_prefix("error: ").unwrap_or(told);
    let words: Vec<&str> = told.split_whitespace().collect();
    let tips = paragraphs
        .flat_map(str::lines)
        .filter_map(|line| line.trim().strip_prefix("tip: "));
    tips.fold(Failure::usage(words.join(" ")), Failure::hint)
}
