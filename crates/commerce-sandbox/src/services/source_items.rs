//! Source items: list, save, delete. Saving and deleting update the index rows of their SKUs at once.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::database::collation::{fold, same, stored};
use crate::database::store::{DEFAULT_SOURCE, SourceItem, Store};
use crate::index;
use crate::json::number;
use crate::state::State;
use crate::webapi::api_error::{ApiError, Detail};
use crate::webapi::arguments::Arguments;
use crate::webapi::criteria::{self, Cell, Row};

/// A source item as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentItem {
    sku: Option<String>,
    source_code: Option<String>,
    quantity: Option<f64>,
    status: Option<i64>,
}

/// Lists source items.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    criteria::list(&state.store.source_items, arguments.criteria()?)
}

/// Saves all source items or none.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let items: Vec<SentItem> = arguments.list("sourceItems")?;
    if items.is_empty() {
        return Err(ApiError::refused(400, "Input data is empty"));
    }
    let errors: Vec<Detail> = items.iter().flat_map(SentItem::errors).collect();
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let store = &mut state.store;
    let sources: HashSet<String> = store
        .sources
        .iter()
        .map(|source| fold(&source.source_code))
        .collect();
    if !items.iter().all(|item| sources.contains(&fold(item.code()))) {
        return Err(ApiError::refused(400, "Could not save Source Item"));
    }
    upsert(store, &items);
    index::refresh(store, items.iter().map(|item| (item.code(), item.sku())));
    Ok(json!([]))
}

/// Deletes source items. Items that do not exist are ignored.
pub fn delete(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let items: Vec<SentItem> = arguments.list("sourceItems")?;
    if items.is_empty() {
        return Err(ApiError::refused(400, "Input data is empty"));
    }
    let deleted: HashSet<(String, String)> = items.iter().map(SentItem::key).collect();
    state
        .store
        .source_items
        .retain(|item| !deleted.contains(&(fold(&item.source_code), fold(&item.sku))));
    index::refresh(
        &mut state.store,
        items.iter().map(|item| (item.code(), item.sku())),
    );
    Ok(json!([]))
}

impl SentItem {
    fn sku(&self) -> &str {
        self.sku.as_deref().unwrap_or_default()
    }

    fn code(&self) -> &str {
        self.source_code.as_deref().unwrap_or_default()
    }

    fn key(&self) -> (String, String) {
        (fold(self.code()), fold(self.sku()))
    }

    /// Validates the item by itself.
    fn errors(&self) -> Vec<Detail> {
        let mut errors = Vec::new();
        for (field, text) in [("sku", self.sku()), ("source_code", self.code())] {
            if text.trim().is_empty() {
                errors.push(Detail::empty(field));
            }
        }
        if self.quantity.is_none() {
            errors.push(Detail {
                message: "\"%field\" should be numeric.".to_owned(),
                parameters: json!({ "field": "quantity" }),
            });
        }
        if !matches!(self.status, Some(0 | 1)) {
            errors.push(Detail {
                message: "\"%field\" should be a known status.".to_owned(),
                parameters: json!({ "field": "status" }),
            });
        }
        errors
    }
}

fn upsert(store: &mut Store, items: &[SentItem]) {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for (place, item) in store.source_items.iter().enumerate() {
        places.insert((fold(&item.source_code), fold(&item.sku)), place);
    }
    for item in items {
        let quantity = item
            .quantity
            .map_or(0.0, |quantity| (quantity * 1e4).round() / 1e4);
        let status = item.status.unwrap_or(0);
        if same(item.code(), DEFAULT_SOURCE)
            && let Some(stock) = store.catalogue.stock_mut(item.sku())
        {
            stock.is_in_stock = None;
        }
        if let Some(place) = places.get(&item.key()) {
            let known = &mut store.source_items[*place];
            (known.quantity, known.status) = (quantity, status);
            continue;
        }
        places.insert(item.key(), store.source_items.len());
        insert(store, item.code(), item.sku(), quantity, status);
    }
}

/// Adds a row for a SKU that a source does not have yet.
pub fn insert(store: &mut Store, source_code: &str, sku: &str, quantity: f64, status: i64) {
    let source_item_id = store.next.source_item_id;
    store.next.source_item_id += 1;
    store.source_items.push(SourceItem {
        source_item_id,
        source_code: stored(source_code),
        sku: stored(sku),
        quantity,
        status,
    });
}

impl Row for SourceItem {
    const COLUMNS: &'static [&'static str] = &["source_item_id", "source_code", "sku", "quantity", "status"];

    fn cell(&self, column: &str) -> Cell {
        match column {
            "source_item_id" => Cell::int(self.source_item_id),
            "source_code" => Cell::Text(self.source_code.clone()),
            "sku" => Cell::Text(self.sku.clone()),
            "quantity" => Cell::Number(self.quantity),
            "status" => Cell::int(self.status),
            _ => Cell::Null,
        }
    }

    fn shown(&self) -> Value {
        json!({
            "sku": self.sku,
            "source_code": self.source_code,
            "quantity": number(self.quantity),
            "status": self.status,
        })
    }
}
