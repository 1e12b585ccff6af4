//! Arbitrary answers: none makes the client panic, and none but the one right answer confirms a write.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::session::Client;
use testkit::proxy::Canned;

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

/// Bodies: bytes, nearly right ones, and JSON of any shape.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => proptest::collection::vec(any::<u8>(), 0..200),
        2 => prop::sample::select(vec!["[]", " [ ] ", "[]]", "[null]", "{}", "null", "", "[", "\u{feff}[]", "\"[]\"", "[] []"])
            .prop_map(|text| text.as_bytes().to_vec()),
        3 => json_values().prop_map(|value| value.to_string().into_bytes()),
    ]
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop::sample::select(vec![
            "message",
            "parameters",
            "errors",
            "messages",
            "error",
            "items",
            "total_count",
            "stock_id",
            "source_code",
            "priority",
            "enabled",
            "name",
            "max",
            "resources",
            "extension_attributes",
            "sales_channels",
        ]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((names, inner), 0..5).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

fn answers() -> impl Strategy<Value = Canned> {
    let media_types = prop_oneof![
        4 => Just("application/json".to_owned()),
        1 => Just("Application/JSON ; charset=utf-8".to_owned()),
        1 => Just("text/html; charset=UTF-8".to_owned()),
        1 => Just("application/json-patch+json".to_owned()),
        1 => "[ -~]{0,20}".prop_map(|text| text.trim().to_owned()),
    ];
    let statuses = prop_oneof![4 => Just(200_u16), 1 => 201..600_u16, 1 => prop::sample::select(vec![204, 301, 400, 401, 429, 503])];
    (statuses, media_types, bodies())
        .prop_map(|(status, media_type, body)| Canned::new(status, &media_type, body))
}

/// Whether an answer confirms a write: status, media type and body, all three.
fn confirms(answer: &Canned) -> bool {
    let media_type = answer.headers.first().map_or("", |(_, value)| value.as_str());
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    answer.status == 200
        && media_type.eq_ignore_ascii_case("application/json")
        && serde_json::from_slice::<Value>(&answer.body).is_ok_and(|body| body == json!([]))
}

#[test]
fn only_the_one_right_answer_confirms_a_write() {
    let client = Client::new();
    let outcome = runner(600).run(&answers(), |answer| {
        let written = client.write(&answer);
        prop_assert_eq!(written.is_ok(), confirms(&answer), "{:?}", written);
        if let Err(error) = written {
            prop_assert!(error.to_string().len() < 10_000);
        }
        Ok(())
    });
    outcome.expect("the property holds");
}

#[test]
fn no_answer_makes_a_read_panic_or_go_on_for_ever() {
    let client = Client::new();
    let lists = (json_values(), 0..30_000_u64).prop_map(|(items, total)| {
        let items = if items.is_array() { items } else { json!([items]) };
        let body = json!({ "items": items, "total_count": total });
        Canned::new(200, "application/json", body.to_string())
    });
    let outcome = runner(400).run(&prop_oneof![answers(), lists], |answer| {
        let before = client.requests();
        if let Ok(state) = client.read(&answer) {
            prop_assert!(!state.issues.is_empty() || !state.links.is_empty());
        }
        prop_assert!(client.requests() - before < 100);
        Ok(())
    });
    outcome.expect("the property holds");
}

#[test]
fn bytes_that_are_no_http_are_no_answer() {
    let client = Client::new();
    let outcome = runner(200).run(&proptest::collection::vec(any::<u8>(), 0..300), |bytes| {
        let error = client
            .write(&Canned::raw(bytes))
            .expect_err("noise confirms no write");
        prop_assert!(error.status().is_none());
        prop_assert!(!error.never_sent(), "the shop may have carried it out");
        Ok(())
    });
    outcome.expect("the property holds");
}

#[test]
fn a_token_that_outlives_every_clock_is_a_token() {
    // {"iat":0,"exp":18446744073709551615}
    let claims = "eyJpYXQiOjAsImV4cCI6MTg0NDY3NDQwNzM3MDk1NTE2MTV9";
    let answer = Canned::new(200, "application/json", format!("\"e30.{claims}.e30\""));
    let client = Client::admin(false);
    let error = client.read(&answer).expect_err("a token is no list");
    assert!(
        error.path.ends_with("/inventory/stocks"),
        "it was signed in: {error}"
    );
    assert_eq!(client.requests(), 2);
}
