//! Products, as far as they matter to the inventory: websites, type, stock settings.

use serde_json::{Map, Value, json};

use super::source_items;
use crate::database::collation::same;
use crate::database::product_form::ProductForm;
use crate::database::store::{DEFAULT_SOURCE, SourceItem};
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;

/// Saves a product. Without stock data it also gets an empty item in the default source.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let sent: Map<String, Value> = arguments.object("product")?;
    let name = sent.get("name").cloned().unwrap_or_default();
    let mut form: ProductForm =
        serde_json::from_value(Value::Object(sent)).map_err(|_| ApiError::Internal)?;
    let sku = form.sku.trim().to_owned();
    if sku.is_empty() {
        return Err(ApiError::required(&["sku"]));
    }
    form.sku.clone_from(&sku);
    form.id = None;
    let has_stock_data = form.extension_attributes.stock_item.is_some();
    let store = &mut state.store;
    store.catalogue.save(form.over(store.catalogue.get(&sku)));
    let is_stocked = |item: &SourceItem| same(&item.sku, &sku) && same(&item.source_code, DEFAULT_SOURCE);
    if !has_stock_data && !store.source_items.iter().any(is_stocked) {
        source_items::insert(store, DEFAULT_SOURCE, &sku, 0.0, 1);
    }
    Ok(json!({ "sku": sku, "name": name }))
}
