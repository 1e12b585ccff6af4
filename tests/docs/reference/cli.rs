//! `cli.md`: every command with its options, defaults, variables and examples, from the parser's own model.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

use super::super::examples::{Example, afterword, commands};
use super::markdown::{sentence, table};
use super::options::options;
use super::variables::environment;

pub fn page() -> String {
    let commands = commands();
    let (_, program) = &commands[0];
    let mut text = format!("# Commands\n\n{}\n", about(program));
    let rows: Vec<Vec<String>> = commands[1..]
        .iter()
        .map(|(name, command)| {
            let brief = command.get_about().map(ToString::to_string).unwrap_or_default();
            vec![
                format!("[`{name}`](#{})", name.replace(' ', "-")),
                sentence(&brief),
            ]
        })
        .collect();
    // Writing to a String cannot fail.
    let _ = write!(text, "\n{}", table(&["command", "does"], &rows));
    let _ = write!(
        text,
        "\nExit codes are the same for all of them: [exit codes](exit-codes.md).\n{GLOBAL}"
    );
    let global: Vec<&Arg> = program
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .collect();
    text += &options(&global, program);
    text += &environment();
    for (name, command) in &commands[1..] {
        text += &section(name, command);
    }
    text
}

const GLOBAL: &str = "\n## Options of every command\n\n";

fn about(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about());
    sentence(&about.map(ToString::to_string).unwrap_or_default())
}

fn section(name: &str, command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    let mut text = format!(
        "\n## `{name}`\n\n{}\n\n```text\n{}\n```\n",
        about(command),
        usage.trim()
    );
    let (examples, others) = afterword(command);
    let mut output: Vec<&str> = Vec::new();
    let of_it = || {
        command
            .get_arguments()
            .filter(|argument| !argument.is_global_set() && !is_about_help(argument))
    };
    for argument in of_it() {
        let heading = heading(argument);
        if output.contains(&heading) {
            continue;
        }
        output.push(heading);
        let group: Vec<&Arg> = of_it().filter(|other| self::heading(other) == heading).collect();
        let _ = write!(text, "\n**{heading}**\n\n{}", options(&group, command));
    }
    if !others.is_empty() {
        let _ = write!(text, "\n```text\n{}\n```\n", others.join("\n\n"));
    }
    text + &shown(&examples)
}

fn is_about_help(argument: &Arg) -> bool {
    matches!(
        argument.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    )
}

fn heading(argument: &Arg) -> &str {
    let usual = if argument.is_positional() {
        "Arguments"
    } else {
        "Options"
    };
    argument.get_help_heading().unwrap_or(usual)
}

fn shown(examples: &[Example]) -> String {
    let width = examples.iter().map(|example| example.line.chars().count()).max();
    let lines: Vec<String> = examples
        .iter()
        .map(|example| match example.remark.as_str() {
            "" => example.line.clone(),
            remark => format!("{:<width$}  # {remark}", example.line, width = width.unwrap_or(0)),
        })
        .collect();
    format!("\n```sh examples\n{}\n```\n", lines.join("\n"))
}
