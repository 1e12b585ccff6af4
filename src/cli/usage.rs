//! Prints wrong usage on standard error, and as a document on standard output if a program reads it.

use std::ffi::OsString;

use anstream::ColorChoice;
use clap::error::ErrorKind;
use spanned_yaml::diag::{escape_text, joined, json_text};

use crate::cli::output::{json_log, streams};
use crate::report::FailureReport;
use crate::run::{Exit, Failure};

/// Prints what the parser returned instead of a command: help, version, or wrong usage.
pub(crate) fn report(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let failed = failure(error);
    if error.use_stderr() && wants_lines(arguments) {
        json_log::complain(&FailureReport::from(&failed), None);
    } else {
        let message = error.render().ansi().to_string();
        // It quotes arguments.
        let message = escape_text(&message);
        if error.use_stderr() {
            streams::message(&message, ColorChoice::Auto);
        } else {
            return printed(&message);
        }
    }
    if wants_json(arguments) {
        match json_text(&FailureReport::from(&failed)) {
            Ok(text) => _ = printed(&text),
            Err(error) => streams::message(&format!("error: {error}\n"), ColorChoice::Never),
        }
    }
    Exit::Usage
}

/// Prints on standard output, and reports a failure of that.
fn printed(text: &str) -> Exit {
    match streams::print(text, ColorChoice::Auto) {
        Ok(()) => Exit::Done,
        Err(error) => {
            let failed = format!("error: the result could not be printed\n  because: {error}\n");
            streams::message(&failed, ColorChoice::Never);
            Exit::Error
        }
    }
}

/// True if a JSON document is expected on standard output, from arguments that could not be parsed.
pub(crate) fn wants_json(arguments: &[OsString]) -> bool {
    let forms = values(arguments, "--format").into_iter();
    let mut forms = forms.flat_map(|forms| forms.split(','));
    forms.any(|form| matches!(form, "json" | "json=-"))
}

/// True if messages are lines of JSON, by the last option on the command line, or the environment.
fn wants_lines(arguments: &[OsString]) -> bool {
    match values(arguments, "--log-format").last() {
        Some(format) => *format == "json",
        None => std::env::var("STOCKTAKE_LOG_FORMAT").is_ok_and(|format| format == "json"),
    }
}

/// The values of an option, wherever it stands.
fn values<'a>(arguments: &'a [OsString], option: &str) -> Vec<&'a str> {
    let words = arguments
        .iter()
        .map(|argument| argument.to_str().unwrap_or_default());
    let mut words = words.take_while(|word| *word != "--");
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
    let failed = match error.kind() {
        // Then the message is the whole help.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing",
        _ => paragraphs.next().unwrap_or_default(),
    };
    let failed = failed.strip_prefix("error: ").unwrap_or(failed);
    let words = joined(failed.split_whitespace(), " ");
    let lines = paragraphs.flat_map(str::lines);
    let tips = lines.filter_map(|line| line.trim().strip_prefix("tip: "));
    tips.fold(Failure::usage(words), Failure::hint)
}
