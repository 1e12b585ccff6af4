//! What agrees and what does not, by small examples.

use serde_json::json;

use super::*;

fn get(query: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        path: "/rest/V1/inventory/sources".to_owned(),
        query: Some(query.to_owned()),
        headers: std::collections::BTreeMap::new(),
        body: None,
    }
}

fn differs(query: &str, expected: &Value, got: &Value) -> bool {
    difference_of_json(&get(query), expected, got.to_string().as_bytes()).is_some()
}

#[test]
fn values_count_and_not_how_they_are_written() {
    assert!(!differs(
        "",
        &json!({"a": 1, "b": [2.5]}),
        &json!({"b": [2.5], "a": 1.0})
    ));
    assert!(differs("", &json!({"a": 1}), &json!({"a": "1"})));
    assert!(differs("", &json!({"a": null}), &json!({})));
    assert!(differs(
        "",
        &json!({"errors": [1, 2]}),
        &json!({"errors": [2, 1]})
    ));
}

#[test]
fn a_placeholder_stands_for_some_text_and_nothing_else() {
    assert!(!differs(
        "",
        &json!("Report ID: webapi-<id>"),
        &json!("Report ID: webapi-5f")
    ));
    assert!(differs(
        "",
        &json!("Report ID: webapi-<id>"),
        &json!("Report ID: webapi-")
    ));
    assert!(!differs("", &json!("a <uuid:12> b"), &json!("a 0190 b")));
    assert!(differs("", &json!("a <uuid:12> b"), &json!("a 0190 c")));
}

#[test]
fn only_an_unsorted_list_has_no_order() {
    let (list, turned) = (
        json!({"items": [1, 2], "total_count": 2}),
        json!({"items": [2, 1], "total_count": 2}),
    );
    assert!(!differs("searchCriteria=", &list, &turned));
    assert!(differs(
        "searchCriteria[sortOrders][0][field]=name",
        &list,
        &turned
    ));
    assert!(differs(
        "searchCriteria=",
        &list,
        &json!({"items": [1, 1], "total_count": 2})
    ));
    assert!(differs(
        "searchCriteria=",
        &list,
        &json!({"items": [2, 1], "total_count": 3})
    ));
}

#[test]
fn a_page_of_an_unsorted_list_may_hold_any_rows() {
    let page = json!({"items": [1], "total_count": 9});
    assert!(!differs(
        "searchCriteria[pageSize]=1",
        &page,
        &json!({"items": [7], "total_count": 9})
    ));
    assert!(differs(
        "searchCriteria[pageSize]=1",
        &page,
        &json!({"items": [7, 8], "total_count": 9})
    ));
    assert!(differs(
        "searchCriteria=",
        &page,
        &json!({"items": [7], "total_count": 9})
    ));
}
