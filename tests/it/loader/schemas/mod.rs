//! The JSON Schemas: committed as they are made, and of one mind with the loaders.

mod agreement;
mod examples;

use jsonschema::Validator;
use schemars::Schema;
use serde_json::Value;

fn validator(schema: &Schema) -> Validator {
    jsonschema::validator_for(schema.as_value()).expect("a schema")
}

/// YAML as its tree of JSON; the sample files hold nothing that JSON cannot say.
fn json_of(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).expect("a sample is YAML")
}
