//! The options of a command as a table, from the parser's own model.

use std::fmt::Write as _;

use clap::{Arg, Command};

use super::markdown::{code, sentence, table};

/// A row for each argument: how it is typed, its default, its variable, and what it means.
pub fn options(arguments: &[&Arg], command: &Command) -> String {
    let rows: Vec<Vec<String>> = arguments
        .iter()
        .map(|argument| {
            vec![
                spelled(argument),
                default(argument),
                environment_of(argument)
                    .map(|name| code(&name))
                    .unwrap_or_default(),
                meaning(argument, command),
            ]
        })
        .collect();
    table(&["option", "default", "environment", "meaning"], &rows)
}

/// How an argument is typed.
pub fn spelled(argument: &Arg) -> String {
    let names: Vec<&str> = argument
        .get_value_names()
        .into_iter()
        .flatten()
        .map(clap::builder::Str::as_str)
        .collect();
    let value = match argument.get_num_args() {
        Some(number) if number.takes_values() => names.join(" "),
        _ => String::new(),
    };
    let Some(long) = argument.get_long() else {
        return code(&value);
    };
    let typed = format!("--{long} {value}");
    match argument.get_short() {
        Some(short) => format!("`-{short}`, {}", code(typed.trim())),
        None => code(typed.trim()),
    }
}

fn default(argument: &Arg) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let values: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    match values.join(",").as_str() {
        "" if argument.is_required_set() => "*required*".to_owned(),
        values => code(values),
    }
}

/// The variable that stands in for an option.
pub fn environment_of(argument: &Arg) -> Option<String> {
    Some(argument.get_env()?.to_string_lossy().into_owned())
}

fn meaning(argument: &Arg, command: &Command) -> String {
    let help = argument.get_long_help().or(argument.get_help());
    let mut text = sentence(&help.map(ToString::to_string).unwrap_or_default());
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(help) => format!(
                "`{}` ({})",
                value.get_name(),
                help.to_string().trim_end_matches('.')
            ),
            None => code(value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(text, " One of: {}.", values.join("; "));
    }
    let others: Vec<String> = command
        .get_arg_conflicts_with(argument)
        .into_iter()
        .map(spelled)
        .collect();
    if !others.is_empty() {
        let _ = write!(text, " Not with {}.", others.join(", "));
    }
    text
}
