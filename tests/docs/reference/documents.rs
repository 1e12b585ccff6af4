//! `documents.md`: what commands print as JSON, from their schemas.

use serde_json::Value;
use stocktake::report;

use super::fields::sorted_properties;
use super::markdown::{code, sentence, table};
use super::values::kind;

pub fn page() -> String {
    let mut text = String::from(
        "# JSON documents\n\n\
         With `--format json` standard output holds one complete document whatever the exit code; a command that came to no \
         result prints a [failure](#failure). Each has a JSON Schema in `schemas/`, which `stocktake schema` prints too, \
         and the fields of the objects below the first level.\n",
    );
    for (name, schema) in report::schemas() {
        let schema = schema.to_value();
        text += &section(name, &schema);
    }
    text
}

fn section(name: &str, schema: &Value) -> String {
    let rows: Vec<Vec<String>> = sorted_properties(schema)
        .into_iter()
        .map(|(field, property)| {
            vec![
                code(field),
                kind(property, schema, &|_| None),
                sentence(property["description"].as_str().unwrap_or_default()),
            ]
        })
        .collect();
    let about = schema["description"].as_str().unwrap_or_default();
    format!(
        "\n## {name}\n\n{} {} Schema: [schemas/{name}.schema.json](../../schemas/{name}.schema.json).\n\n{}",
        sentence(about),
        printed_by(name),
        table(&["field", "type", "meaning"], &rows)
    )
}

/// Which command prints a document, as the help of `schema` says it.
fn printed_by(name: &str) -> String {
    let command = stocktake::cli::command();
    let schema = command.find_subcommand("schema").expect("there is `schema`");
    let of = schema
        .get_positionals()
        .next()
        .expect("it takes a name")
        .get_possible_values();
    let value = of.iter().find(|value| value.get_name() == name);
    let help = value.and_then(|value| value.get_help());
    sentence(&help.expect("each document has its line in the help").to_string())
}
