//! When two answers agree: JSON by value, with the recorder's placeholders and without the order of unsorted lists.

use serde_json::Value;

use super::recording::{Request, Response};
use super::wire::Answer;

/// What the recorder wrote in place of text that differs from run to run.
const PLACEHOLDERS: [&str; 4] = ["<id>", "<token>", "<path>", "<uuid:"];

/// Says in what an answer differs from the recorded one, if it does.
pub fn difference(request: &Request, expected: &Response, got: &Answer) -> Option<String> {
    let status = expected.status.unwrap_or_default();
    if got.status != status {
        return Some(format!(
            "status {} in place of {status}, body {}",
            got.status,
            shown(&got.body)
        ));
    }
    let (wanted, found) = (
        media_type(expected.content_type.as_deref()),
        media_type(got.content_type.as_deref()),
    );
    if wanted != found {
        return Some(format!("media type {found:?} in place of {wanted:?}"));
    }
    if request.method == "HEAD" {
        return None;
    }
    match wanted.as_deref() {
        Some("text/html") => (!is_html(&got.body)).then(|| format!("no HTML: {}", shown(&got.body))),
        Some("application/json") => difference_of_json(request, &expected.body, &got.body),
        _ => (expected.body.as_str() != std::str::from_utf8(&got.body).ok())
            .then(|| format!("body {} in place of {}", shown(&got.body), expected.body)),
    }
}

fn difference_of_json(request: &Request, expected: &Value, got: &[u8]) -> Option<String> {
    let Ok(got) = serde_json::from_slice::<Value>(got) else {
        return Some(format!("no JSON: {}", shown(got)));
    };
    let same = agree(expected, &got)
        || is_unsorted(request) && agree_unsorted(request, expected, &got)
        || agree_sorted(request, expected, &got);
    (!same).then(|| format!("body\n      {got}\n    in place of\n      {expected}"))
}

/// Compares by value: 1 is 1.0, the order of keys is nothing, placeholders stand for any text.
fn agree(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::String(expected), Value::String(got)) => agree_text(expected, got),
        (Value::Number(expected), Value::Number(got)) => expected.as_f64() == got.as_f64(),
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .zip(got)
                    .all(|(expected, got)| agree(expected, got))
        }
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .all(|(key, value)| got.get(key).is_some_and(|got| agree(value, got)))
        }
        _ => expected == got,
    }
}

/// Compares text in which a placeholder stands for one or more characters.
fn agree_text(expected: &str, got: &str) -> bool {
    let first = PLACEHOLDERS.iter().filter_map(|name| expected.find(name)).min();
    let Some(start) = first else {
        return expected == got;
    };
    let (before, rest) = expected.split_at(start);
    let after = rest.split_once('>').map_or("", |(_, after)| after);
    let Some(tail) = got.strip_prefix(before) else {
        return false;
    };
    let ends = tail
        .char_indices()
        .map(|(at, character)| at + character.len_utf8());
    ends.into_iter().any(|end| agree_text(after, &tail[end..]))
}

/// Tells whether the server was free to order the list it answered with.
fn is_unsorted(request: &Request) -> bool {
    let sorts = |query: &str| query.contains("sortOrders") || query.contains("sort_orders");
    let ordered = ["ordered-by-priority", "are-products-salable"]
        .iter()
        .any(|path| request.path.contains(path));
    request.method == "GET" && !ordered && !request.query.as_deref().is_some_and(sorts)
}

/// Compares an unsorted list: the whole list without its order, a page of it only by the number of its rows.
fn agree_unsorted(request: &Request, expected: &Value, got: &Value) -> bool {
    if let (Value::Array(expected), Value::Array(got)) = (expected, got) {
        return agree_as_sets(expected, got);
    }
    let (Some(wanted), Some(found)) = (items(expected), items(got)) else {
        return false;
    };
    let rows_agree = if is_page(request, expected, wanted.len()) {
        wanted.len() == found.len()
    } else {
        agree_as_sets(wanted, found)
    };
    rows_agree && agree(&without_items(expected), &without_items(got))
}

/// Compares a list that is sorted by fields its rows show: rows that tie in all of them are unsorted among themselves.
fn agree_sorted(request: &Request, expected: &Value, got: &Value) -> bool {
    let (Some(wanted), Some(found)) = (items(expected), items(got)) else {
        return false;
    };
    let fields = sort_fields(request.query.as_deref().unwrap_or_default());
    let key = |row: &Value| {
        fields
            .iter()
            .map(|field| row.get(field).cloned())
            .collect::<Option<Vec<_>>>()
    };
    let keys = |rows: &[Value]| rows.iter().map(key).collect::<Option<Vec<_>>>();
    let (Some(wanted_keys), Some(found_keys)) = (keys(wanted), keys(found)) else {
        return false;
    };
    !fields.is_empty()
        && wanted_keys == found_keys
        && agree_as_sets(wanted, found)
        && agree(&without_items(expected), &without_items(got))
}

/// Gives the fields a query sorts by.
fn sort_fields(query: &str) -> Vec<String> {
    let named = query.split('&').filter_map(|pair| pair.split_once('='));
    let sorts = named.filter(|(name, _)| {
        ["sortOrders", "sort_orders"]
            .iter()
            .any(|word| name.contains(word))
            && name.ends_with("[field]")
    });
    sorts.map(|(_, field)| field.to_owned()).collect()
}

fn items(body: &Value) -> Option<&Vec<Value>> {
    body.get("items")?.as_array()
}

fn without_items(body: &Value) -> Value {
    let mut rest = body.clone();
    if let Some(fields) = rest.as_object_mut() {
        fields.insert("items".to_owned(), Value::Null);
    }
    rest
}

/// Tells whether an answer holds a part of the list only.
fn is_page(request: &Request, expected: &Value, rows: usize) -> bool {
    let query = request.query.as_deref().unwrap_or_default();
    let paged = query.contains("page_size") || query.contains("pageSize");
    let total = expected.get("total_count").and_then(Value::as_u64);
    paged && total.is_none_or(|total| total != rows as u64)
}

fn agree_as_sets(expected: &[Value], got: &[Value]) -> bool {
    let mut left: Vec<&Value> = got.iter().collect();
    let found = expected.iter().all(|row| {
        let place = left.iter().position(|candidate| agree(row, candidate));
        place.map(|place| left.swap_remove(place)).is_some()
    });
    found && left.is_empty()
}

fn media_type(content_type: Option<&str>) -> Option<String> {
    let media_type = content_type?.split(';').next()?;
    Some(media_type.trim().to_ascii_lowercase())
}

/// Takes for HTML what a browser would draw; the shop's apology for a fault is bare text of that type.
fn is_html(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).trim_start().to_ascii_lowercase();
    text.starts_with('<') || text.starts_with("an error has happened")
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(600).collect()
}

#[cfg(test)]
mod tests {
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
    fn rows_that_tie_have_no_order_among_themselves() {
        let query = "searchCriteria[sortOrders][0][field]=p";
        let list = |rows: [(i64, &str); 3]| json!({ "items": rows.map(|(p, s)| json!({ "p": p, "s": s })) });
        let sorted = list([(1, "a"), (2, "b"), (2, "c")]);
        assert!(!differs(query, &sorted, &list([(1, "a"), (2, "c"), (2, "b")])));
        assert!(differs(query, &sorted, &list([(2, "b"), (1, "a"), (2, "c")])));
        assert!(differs(query, &sorted, &list([(1, "a"), (2, "b"), (2, "b")])));
        assert!(differs(
            "searchCriteria[sortOrders][0][field]=id",
            &sorted,
            &list([(1, "a"), (2, "c"), (2, "b")])
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
}
