//! What the pages name in passing: commands and options in inline code are such as there are.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::examples::commands;
use super::page::{pages, root, sources};

/// Why a command line is not understood, if it is not: every `stocktake …` of a line of a shell is parsed.
pub fn understood(line: &str) -> Result<(), String> {
    for words in calls(line)? {
        parsed(&words)?;
    }
    Ok(())
}

/// The calls of stocktake in a line of a shell, each in its words.
fn calls(line: &str) -> Result<Vec<Vec<String>>, String> {
    let words = shlex::split(line).ok_or_else(|| format!("these are no words: {line}"))?;
    let divides = |word: &String| matches!(word.as_str(), "&&" | "||" | "|" | ";" | "&");
    let calls = words.split(divides).map(|words| {
        let set_up = words
            .iter()
            .take_while(|word| word.contains('=') && !word.starts_with('-'));
        let words = &words[set_up.count()..];
        let redirected = words
            .iter()
            .position(|word| matches!(word.as_str(), ">" | ">>" | "<"));
        words[..redirected.unwrap_or(words.len())].to_vec()
    });
    Ok(calls
        .filter(|words| words.first().is_some_and(|word| word == "stocktake"))
        .collect())
}

fn parsed(words: &[String]) -> Result<(), String> {
    match stocktake::cli::command().try_get_matches_from(words) {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            // A command is named, not typed in full.
            | ErrorKind::MissingRequiredArgument
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Ok(()),
            // A placeholder, such as NAME; or an option is named without its value.
            ErrorKind::InvalidValue | ErrorKind::ValueValidation
                if words.iter().any(|word| is_placeholder(word)) || lacks_its_value(&error) =>
            {
                Ok(())
            }
            _ => Err(error.to_string()),
        },
    }
}

fn lacks_its_value(error: &clap::Error) -> bool {
    matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(value)) if value.is_empty())
}

fn is_placeholder(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|character| character.is_ascii_uppercase())
}

/// Whether some command has an option of that name.
fn is_option(name: &str) -> bool {
    commands().iter().any(|(_, command)| {
        command
            .get_arguments()
            .any(|argument| argument.get_long() == name.strip_prefix("--"))
    })
}

/// Commands in texts, such as what a help advises, with what is said beside them.
#[test]
fn commands_in_texts_are_understood() {
    let mut wrong = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "text") {
            for line in block.text.lines().filter(|line| line.starts_with("  stocktake ")) {
                let command = line.trim().split("   ").next().unwrap_or_default();
                if let Err(why) = understood(command) {
                    wrong.push(format!("{}:{}: {command}: {why}", page.name, block.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the program itself advises, in messages and in files that it writes.
#[test]
fn commands_that_the_program_names_are_understood() {
    let written = [
        "github.yml",
        "gitlab.yml",
        "kubernetes-cronjob.yaml",
        "targets.yaml",
    ];
    let templates = written.iter().map(|name| {
        let text = std::fs::read_to_string(root().join("templates").join(name));
        ((*name).to_owned(), text.expect("a template"))
    });
    let (mut found, mut wrong) = (0, Vec::new());
    for (name, text) in sources().into_iter().chain(templates) {
        for line in text.lines() {
            // Every second part stands between backticks; one with `{` is filled in when it is told.
            let spans = line.split('`').skip(1).step_by(2);
            for span in spans.filter(|span| span.starts_with("stocktake ") && !span.contains('{')) {
                found += 1;
                if let Err(why) = understood(span) {
                    wrong.push(format!("{name}: {span}: {why}"));
                }
            }
        }
    }
    assert!(found > 10, "only {found} were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_and_options_in_inline_code_are_understood() {
    let names: Vec<String> = commands()
        .iter()
        .map(|(_, command)| command.get_name().to_owned())
        .collect();
    let mut looked_at = 0;
    let mut wrong = Vec::new();
    // The changelog tells of what was, too.
    for page in pages().iter().filter(|page| page.name != "CHANGELOG.md") {
        for (line, span) in &page.spans {
            let mut words = span.split([' ', '=']);
            let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let output = if first == "stocktake" {
                understood(&span.replace('…', ""))
            } else if names.iter().any(|name| name == first) && second.starts_with('-') {
                understood(&format!("stocktake {}", span.replace('…', "")))
            } else if first.starts_with("--") {
                let known = is_option(first).then_some(());
                known.ok_or_else(|| format!("no command has the option {first}"))
            } else {
                continue;
            };
            looked_at += 1;
            if let Err(why) = output {
                wrong.push(format!("{}:{line}: `{span}`: {why}", page.name));
            }
        }
    }
    assert!(looked_at > 50, "only {looked_at} were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_names_every_command() {
    let pages = pages();
    let readme = pages.iter().find(|page| page.name == "README.md");
    let spans = &readme.expect("there is a README").spans;
    // The first of them is the program.
    for (_, command) in commands().iter().skip(1) {
        let name = command.get_name();
        let is_named = spans.iter().any(|(_, span)| span == name);
        assert!(is_named, "README.md does not list `{name}`");
    }
}

#[test]
fn what_is_not_understood_is_found() {
    assert!(understood("stocktake plan --nonsense").is_err());
    assert!(understood("stocktake validate && stocktake nonsense").is_err());
    assert!(understood("A=b stocktake show plan.json --format xml").is_err());
    assert!(understood("stocktake schema NAME").is_ok());
    assert!(understood("stocktake fmt - < inventory.yaml | grep --nonsense").is_ok());
    assert!(!is_option("--nonsense"));
}
