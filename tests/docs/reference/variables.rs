//! The environment variables that are read, from the tables that the code has of them.

use stocktake::cli::VARIABLES;
use stocktake::target::SIGN_IN_VARIABLES;

use super::super::examples::commands;
use super::super::page::sources;
use super::markdown::{code, sentence, table};
use super::options::{environment_of, spelled};

/// The variables that are read, whatever the command.
pub fn environment() -> String {
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
                variable.method
            ),
        ]
    }));
    rows.extend(
        VARIABLES
            .iter()
            .map(|variable| vec![code(variable.name), variable.meaning.to_owned()]),
    );
    let empty = "One of ours (`STOCKTAKE_…`) that is empty counts as one that is not set.";
    format!(
        "\n## Environment\n\n{empty}\n\n{}",
        table(&["variable", "meaning"], &rows)
    )
}

/// A variable that the code names is one that the page tells of.
#[test]
fn every_variable_of_ours_is_reported() {
    let page = environment();
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
