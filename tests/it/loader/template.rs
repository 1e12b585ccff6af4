//! The template of `targets.yaml` that `init` writes is valid, also with its comments taken as settings.

use super::targets;

const TEMPLATE: &str = include_str!("../../../templates/targets.yaml");

fn is_valid(text: &str) {
    let loaded = targets(text);
    assert!(loaded.targets.is_some(), "{:?}\n{text}", loaded.diagnostics);
    assert!(loaded.diagnostics.is_empty(), "{:?}\n{text}", loaded.diagnostics);
    let schema = stocktake::target::schema().to_value();
    let instance: serde_json::Value = serde_saphyr::from_str(text).expect("it is YAML");
    let errors: Vec<_> = jsonschema::validator_for(&schema)
        .expect("the schema is one")
        .iter_errors(&instance)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_template_is_valid_as_it_is_and_with_what_is_commented_out() {
    is_valid(TEMPLATE);
    let other: Vec<_> = TEMPLATE
        .lines()
        .filter(|line| !line.starts_with("    auth: ") && !line.starts_with("    reindex: "))
        .map(|line| match line.trim_start().strip_prefix('#') {
            Some(code) if !code.starts_with(' ') || code.starts_with("  ") => format!("    {code}"),
            _ => line.to_owned(),
        })
        .collect();
    let other = other.join("\n") + "\n";
    assert!(
        other.contains("\n      oauth1:\n") && other.contains("\n      - run: "),
        "{other}"
    );
    is_valid(&other);
}
