//! Lists that promise more than they hold, or hold what they must not.

use super::session::Client;
use testkit::proxy::Canned;

fn list(body: &str) -> Canned {
    Canned::new(200, "application/json", body)
}

#[test]
fn a_count_that_no_shop_has_is_not_followed() {
    let client = Client::new();
    for count in ["5000001", "1000000000000000", "18446744073709551615"] {
        let answer = list(&format!(r#"{{"items":null,"total_count":{count}}}"#));
        let error = client.read(&answer).expect_err(count).to_string();
        let output =
            format!("200, but the server says that it has {count} stocks; more than 5000000 are not read");
        assert!(error.ends_with(&output), "{error}");
    }
    assert_eq!(client.requests(), 3);
}

#[test]
fn a_count_that_promises_too_much_ends_with_the_first_empty_page() {
    let client = Client::new();
    let answer = list(r#"{"items":null,"total_count":5000000}"#);
    let state = client.read(&answer).expect("the shape is right");
    assert!(state.links.is_empty());
    assert_eq!(
        state.issues[0].reason,
        "the server says 5000000 stocks and lists 0"
    );
    assert!(client.requests() < 100, "{} requests", client.requests());
}

#[test]
fn a_count_that_is_no_count_is_an_error() {
    let client = Client::new();
    for count in ["-1", "1.5", "\"3\"", "null", "[]", "1e3"] {
        let answer = list(&format!(r#"{{"items":[],"total_count":{count}}}"#));
        let error = client.read(&answer).expect_err(count);
        assert!(
            error.to_string().contains("the body is not what was asked for"),
            "{error}"
        );
    }
}

#[test]
fn what_stands_beside_the_fields_that_were_asked_for_is_passed_over() {
    let client = Client::new();
    let body = r#"{"items":[{"stock_id":1,"name":"Default Stock","source_code":"default","enabled":true,"priority":1,
        "extension_attributes":{"sales_channels":[{"type":"website","code":"base","more":1}],"x":[]},"y":null}],
        "search_criteria":{"filter_groups":[]},"total_count":1}"#;
    let state = client.read(&list(body)).expect("the shape is right");
    assert!(state.issues.is_empty(), "{:?}", state.issues);
    assert_eq!(
        (state.stocks.len(), state.sources.len(), state.links.len()),
        (1, 1, 1)
    );
    assert_eq!(state.stocks[0].channels[0].code, "base");
}
