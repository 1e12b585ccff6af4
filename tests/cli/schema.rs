//! `schema`: what is printed is what is published.

use serde_json::Value;

use super::desk::Desk;

#[test]
fn what_is_printed_is_what_is_in_the_code() {
    let desk = Desk::bare();
    for (name, schema) in [
        ("inventory", stocktake::spec::schema()),
        ("targets", stocktake::target::schema()),
        ("plan", schemars::schema_for!(stocktake::reconcile::Plan)),
    ] {
        let outcome = desk.run(&["schema", name]).exits(0);
        assert_eq!(outcome.json(), schema.to_value(), "{name}");
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn an_inventory_of_another_shape_is_refused_by_the_schema() {
    let schema = Desk::bare().run(&["schema"]).exits(0).json();
    let valid = |inventory: &str| {
        let instance: Value = serde_json::from_str(inventory).expect("the test writes JSON");
        jsonschema::is_valid(&schema, &instance)
    };
    assert!(valid(r#"{"version":1,"stocks":[{"name":"S","sources":["a"]}]}"#));
    assert!(!valid(
        r#"{"version":1,"stocks":[{"name":"S","sources":["a"],"colour":"blue"}]}"#
    ));
    assert!(!valid(
        r#"{"version":1,"stocks":[{"name":"S","sources":[{"code":"a","priority":0}]}]}"#
    ));
}
