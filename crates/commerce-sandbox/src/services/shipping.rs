//! The routes for source selection.

use serde::Deserialize;
use serde_json::{Value, json};

use super::source_selection::{self, Share};
use crate::json::number;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;

/// An order as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Order {
    stock_id: i64,
    items: Vec<OrderItem>,
}

/// One SKU of an order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderItem {
    sku: String,
    qty: f64,
}

/// Lists the algorithms.
#[expect(clippy::unnecessary_wraps, reason = "every service has this signature")]
pub fn algorithms(_: &mut State, _: &mut Arguments) -> Result<Value, ApiError> {
    Ok(json!([
        {
            "code": "distance",
            "title": "Distance Priority",
            "description": "Algorithm which provides Source Selections based on shipping address distance \
                            from the source",
        },
        {
            "code": "priority",
            "title": "Source Priority",
            "description": "Algorithm which provides Source Selections based on predefined priority of Source",
        },
    ]))
}

/// Selects the sources for an order, by priority.
pub fn select(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let order: Order = arguments.object("inventoryRequest")?;
    match arguments.text("algorithmCode")? {
        "priority" => {}
        "distance" => {
            return Err(ApiError::refused(
                400,
                "No destination address was provided in the request",
            ));
        }
        _ => return Err(ApiError::Crash),
    }
    let items: Vec<(String, f64)> = order.items.into_iter().map(|item| (item.sku, item.qty)).collect();
    let selection = source_selection::by_priority_algorithm(&state.store, order.stock_id, &items);
    let shares: Vec<Value> = selection.shares.iter().map(shown).collect();
    Ok(json!({ "source_selection_items": shares, "shippable": selection.shippable }))
}

fn shown(share: &Share) -> Value {
    json!({
        "source_code": share.source_code,
        "sku": share.sku,
        "qty_to_deduct": number(share.to_deduct),
        "qty_available": number(share.available),
    })
}
