//! Products, as far as they matter to the inventory: a product makes its SKU known.

use serde_json::{Map, Value, json};

use super::source_items;
use crate::database::collation::{same, stored};
use crate::database::store::DEFAULT_SOURCE;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;

/// Saves a product. Without stock data it also gets an empty item in the default source.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let product: Map<String, Value> = arguments.object("product")?;
    let sku = product
        .get("sku")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned();
    if sku.is_empty() {
        return Err(ApiError::required(&["sku"]));
    }
    let store = &mut state.store;
    if !store.skus.iter().any(|known| same(known, &sku)) {
        store.skus.insert(stored(&sku));
    }
    let has_stock_data = product
        .get("extension_attributes")
        .is_some_and(|more| !more["stock_item"].is_null());
    let is_stocked = |item: &crate::database::store::SourceItem| {
        same(&item.sku, &sku) && same(&item.source_code, DEFAULT_SOURCE)
    };
    if !has_stock_data && !store.source_items.iter().any(is_stocked) {
        source_items::insert(store, DEFAULT_SOURCE, &sku, 0.0, 1);
    }
    Ok(json!({ "sku": sku, "name": product.get("name").cloned().unwrap_or_default() }))
}
