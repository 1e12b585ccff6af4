//! The limits of a generation on lists and pages.

use serde_json::{Map, Value, json};

use super::api_error::ApiError;
use crate::generation::Limits;

/// Refuses a list with too many objects of a type.
pub fn check_items(limits: Limits, class: &str, count: usize) -> Result<(), ApiError> {
    if limits.enforced && count > limits.items {
        let parameters = json!({ "type": class, "max": limits.items });
        return Err(ApiError::with(
            400,
            "Maximum items of type \"%type\" is %max",
            parameters,
        ));
    }
    Ok(())
}

/// Refuses a page that is too large, and sets the default page size in criteria without one.
///
/// Shops look for `searchCriteria[pageSize]` in what was sent: a size in any other spelling passes.
pub fn check_page(
    limits: Limits,
    sent: &Map<String, Value>,
    arguments: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let Some(Value::Object(criteria)) = arguments.get_mut("searchCriteria") else {
        return Ok(());
    };
    if !limits.enforced {
        return Ok(());
    }
    let is_seen = limits.every_spelling
        || sent
            .get("searchCriteria")
            .is_some_and(|criteria| criteria.get("pageSize").is_some());
    match criteria.get("page_size").and_then(Value::as_i64) {
        Some(size) if size > limits.page && is_seen => {
            let message = "Maximum SearchCriteria pageSize is %max";
            Err(ApiError::with(400, message, json!({ "max": limits.page })))
        }
        Some(_) => Ok(()),
        None => {
            criteria.insert("page_size".to_owned(), limits.default_page.into());
            Ok(())
        }
    }
}
