//! `state.md`: what the state directory holds, and the lines of the journal.

use serde_json::Value;
use stocktake::run::{STATE_FILES, journal_schema};

use super::fields::sorted_properties;
use super::markdown::{code, sentence, table};
use super::values::kind;

/// The key that tells events apart.
const EVENT: &str = "event";

pub fn page() -> String {
    let schema = journal_schema().to_value();
    let files: Vec<Vec<String>> = STATE_FILES
        .iter()
        .map(|file| vec![code(file.name), file.holds.to_owned()])
        .collect();
    let every = fields(&schema, &schema);
    format!(
        "# The state directory\n\n\
         `.stocktake/`, or `--state-dir`, holds a folder for each shop, named after its address. It holds no secret, and is \
         trusted: see [who can change what](../threat-model.md#the-state-directory). Keep it between runs, and let stocktake \
         alone write there.\n\n{}\n\
         ## The journal\n\n\
         One JSON object a line, on the disk before the next step is taken. Every line has these fields, and those of its \
         event:\n\n{}\n{}",
        table(&["name", "holds"], &files),
        table(&["field", "type", "meaning"], &every),
        table(&["event", "tells", "fields"], &events(&schema)),
    )
}

fn fields(of: &Value, schema: &Value) -> Vec<Vec<String>> {
    sorted_properties(of)
        .into_iter()
        .map(|(name, property)| {
            vec![
                code(name),
                kind(property, schema, &|_| None),
                sentence(property["description"].as_str().unwrap_or_default()),
            ]
        })
        .collect()
}

fn events(schema: &Value) -> Vec<Vec<String>> {
    let events = schema["oneOf"]
        .as_array()
        .expect("a line is one event of several");
    events
        .iter()
        .map(|event| {
            let name = event["properties"][EVENT]["const"].as_str();
            let below = event["$ref"].as_str().map(|name| name.trim_start_matches('#'));
            let below = below.and_then(|below| schema.pointer(below));
            let fields = below.into_iter().chain([event]).flat_map(sorted_properties);
            let output: Vec<String> = fields
                .filter(|(name, _)| *name != EVENT)
                .map(|(name, property)| {
                    let meaning = property["description"].as_str().unwrap_or_default();
                    format!("`{name}`: {}", sentence(meaning))
                })
                .collect();
            vec![
                code(name.expect("an event has a name")),
                sentence(event["description"].as_str().unwrap_or_default()),
                output.join(" "),
            ]
        })
        .collect()
}
