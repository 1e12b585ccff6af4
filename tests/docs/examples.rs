//! The examples of the help: every command has one, and each is of a command line that is understood.

use clap::Command;

use super::words::understood;

/// An example of a command's help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What is typed.
    pub line: String,
    /// What is said beside it; often nothing.
    pub remark: String,
}

/// Every command with its name as it is typed, the program itself first.
pub fn commands() -> Vec<(String, Command)> {
    fn collect(command: &Command, name: &str, found: &mut Vec<(String, Command)>) {
        found.push((name.to_owned(), command.clone()));
        for below in command
            .get_subcommands()
            .filter(|below| below.get_name() != "help")
        {
            collect(below, &format!("{name} {}", below.get_name()), found);
        }
    }
    let mut command = stocktake::cli::command();
    command.build();
    let mut found = Vec::new();
    collect(&command, "stocktake", &mut found);
    found
}

/// The text behind the options, in the part with the examples and the others.
pub fn afterword(command: &Command) -> (Vec<Example>, Vec<String>) {
    let text = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let (mut examples, mut others) = (Vec::new(), Vec::new());
    for part in text.split("\n\n") {
        match part.strip_prefix("Examples:\n") {
            Some(lines) => examples.extend(lines.lines().map(example)),
            None if part.trim().is_empty() => {}
            None => others.push(part.to_owned()),
        }
    }
    (examples, others)
}

fn example(line: &str) -> Example {
    let line = line.trim();
    let (line, remark) = line.split_once("   ").unwrap_or((line, ""));
    Example {
        line: line.to_owned(),
        remark: remark.trim().to_owned(),
    }
}

#[test]
fn every_command_has_an_example_that_is_understood() {
    let commands = commands();
    assert!(commands.len() > 15, "the commands were not found");
    for (name, command) in commands {
        let (examples, _) = afterword(&command);
        assert!(!examples.is_empty(), "`{name} --help` has no example");
        let own = examples.iter().any(|example| example.line.contains(&name));
        assert!(own, "no example of `{name} --help` is about {name}");
        for example in examples {
            assert_eq!(
                understood(&example.line),
                Ok(()),
                "`{name} --help`: {}",
                example.line
            );
        }
    }
}

#[test]
fn every_command_says_what_it_does_and_every_option_what_it_means() {
    for (name, command) in commands() {
        assert!(command.get_about().is_some(), "{name}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.trim().is_empty(), "{name} {}", argument.get_id());
        }
    }
}

/// A heading of shared options must not go on over the options behind them.
#[test]
fn options_stand_under_the_heading_that_they_belong_to() {
    for (name, command) in commands() {
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if name.ends_with(" init") && id == "url" {
                continue; // what `init` writes down, not a target that it asks
            }
            let heading = match id {
                "allow" => Some("Guards"),
                "target" | "targets" | "url" | "token_file" | "store" | "sandbox" | "state_dir"
                | "lock_timeout" => Some("Target"),
                "color" | "quiet" | "verbose" => Some("Output"),
                "format" | "out" | "yes" | "prove" | "force" => None,
                _ => continue,
            };
            assert_eq!(argument.get_help_heading(), heading, "{name} {id}");
        }
    }
}
