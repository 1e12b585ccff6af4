//! `cli.md`: every command with its options, defaults, variables and examples, from the parser's own model.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};
use stocktake::cli::VARIABLES;
use stocktake::target::SIGN_IN_VARIABLES;

use super::super::examples::{Example, afterword, commands};
use super::markdown::{code, sentence, table};

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
    let mut told: Vec<&str> = Vec::new();
    let of_it = || {
        command
            .get_arguments()
            .filter(|argument| !argument.is_global_set() && !is_about_help(argument))
    };
    for argument in of_it() {
        let heading = heading(argument);
        if told.contains(&heading) {
            continue;
        }
        told.push(heading);
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

fn options(arguments: &[&Arg], command: &Command) -> String {
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
fn spelled(argument: &Arg) -> String {
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

fn environment_of(argument: &Arg) -> Option<String> {
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

/// The variables that are read, whatever the command.
fn environment() -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (_, command) in commands() {
        for argument in command.get_arguments() {
            let Some(name) = environment_of(argument) else {
                continue;
            };
            let row = vec![
                code(&name),
                format!("{}: the option beats it.", spelled(argument)),
            ];
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    rows.extend(SIGN_IN_VARIABLES.iter().map(|variable| {
        let with = if variable.optional {
            "may be set with"
        } else {
            "for"
        };
        vec![
            code(variable.name),
            format!(
                "{} Sign-in, {with} `{}`.",
                sentence(variable.meaning),
                variable.way
            ),
        ]
    }));
    rows.extend(
        VARIABLES
            .iter()
            .map(|variable| vec![code(variable.name), variable.meaning.to_owned()]),
    );
    format!("\n## Environment\n\n{}", table(&["variable", "meaning"], &rows))
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

/// A variable that the code names is one that the page tells of.
#[test]
fn every_variable_of_ours_is_told() {
    let page = page();
    let mut found = 0;
    for (name, text) in sources() {
        for at in text.match_indices("\"STOCKTAKE_").map(|(at, _)| at + 1) {
            let variable: String = text[at..]
                .chars()
                .take_while(|character| {
                    character.is_ascii_uppercase() || matches!(character, '_' | '0'..='9')
                })
                .collect();
            if variable.starts_with("STOCKTAKE_TEST_") {
                continue;
            }
            found += 1;
            assert!(page.contains(&format!("`{variable}`")), "{name} names {variable}");
        }
    }
    assert!(found > 10, "the variables were not found");
}

/// Every file of the code.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![super::root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the code") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a file of the code");
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}
