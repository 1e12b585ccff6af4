//! Lists that nobody asked to be sorted: their order means nothing, nor which rows stand on a page of one.

use serde_json::Value;

use super::super::recording::Request;
use super::agree;

/// Tells whether the server was free to order the list it answered with.
fn is_unsorted(request: &Request) -> bool {
    let sorts = |query: &str| query.contains("sortOrders") || query.contains("sort_orders");
    let ordered = ["ordered-by-priority", "are-products-salable"]
        .iter()
        .any(|path| request.path.contains(path));
    request.method == "GET" && !ordered && !request.query.as_deref().is_some_and(sorts)
}

/// Compares an unsorted list: the whole list without its order, a page of it only by the number of its rows.
pub fn agree_unsorted(request: &Request, expected: &Value, got: &Value) -> bool {
    if !is_unsorted(request) {
        return false;
    }
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
