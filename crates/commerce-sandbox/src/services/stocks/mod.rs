//! Stocks and their sales channels: list, read, save, delete, and find the stock that serves a channel.

mod row;
mod save;

use serde_json::{Value, json};

use crate::database::collation::{same, stored};
use crate::database::store::{DEFAULT_STOCK, Store};
use crate::index;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;
use crate::webapi::criteria::{self, Row};
use row::StockRow;
use save::{SentStock, WEBSITE};

/// The website of the administration. The default stock serves it.
const ADMIN: &str = "admin";

/// Lists stocks.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let store = &state.store;
    let mut rows: Vec<StockRow> = store
        .stocks
        .iter()
        .map(|stock| StockRow { stock, store })
        .collect();
    rows.sort_by_key(|row| row.stock.stock_id);
    criteria::list(&rows, arguments.criteria()?)
}

/// Reads one stock.
pub fn read(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let id = arguments.int("stockId")?;
    show(&state.store, id).ok_or_else(|| {
        ApiError::with(
            404,
            "Stock with id \"%value\" does not exist.",
            json!({ "value": id }),
        )
    })
}

/// Saves a stock and replaces its sales channels. Channels that it loses go to the default stock.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let sent: SentStock = arguments.object("stock")?;
    let store = &mut state.store;
    let channels = sent
        .extension_attributes
        .and_then(|extension| extension.sales_channels)
        .unwrap_or_default();
    let name = sent.name.unwrap_or_default();
    let errors = save::errors(store, &name, &channels);
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let id = save::put(store, sent.stock_id.filter(|id| *id > 0), &stored(&name))?;
    save::assign(store, id, channels);
    index::make_table(store, id);
    Ok(id.into())
}

/// Deletes a stock with its links. Its index table stays.
pub fn delete(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let id = arguments.int("stockId")?;
    let store = &mut state.store;
    if !store.stocks.iter().any(|stock| stock.stock_id == id) {
        return Err(ApiError::with(
            404,
            "There is no stock with \"%fieldValue\" for \"%fieldName\". Verify and try again.",
            json!({ "fieldName": "stock_id", "fieldValue": id }),
        ));
    }
    if id == DEFAULT_STOCK {
        return Err(ApiError::refused(400, "Default Stock could not be deleted."));
    }
    if store.sales_channels.iter().any(|channel| channel.stock_id == id) {
        return Err(ApiError::refused(
            400,
            "Stock has at least one sale channel and could not be deleted.",
        ));
    }
    store.stocks.retain(|stock| stock.stock_id != id);
    store.links.retain(|link| link.stock_id != id);
    if store.generation.stale_after_stock_delete {
        index::invalidate(store);
    }
    Ok(json!([]))
}

/// Gives the stock that serves a sales channel.
pub fn resolve(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let id = serving(&state.store, arguments.text("type")?, arguments.text("code")?)?;
    show(&state.store, id).ok_or_else(unserved)
}

/// Finds the stock that serves a sales channel.
pub fn serving(store: &Store, kind: &str, code: &str) -> Result<i64, ApiError> {
    if kind == WEBSITE && code == ADMIN {
        return Ok(DEFAULT_STOCK);
    }
    let found = store
        .sales_channels
        .iter()
        .find(|channel| same(&channel.kind, kind) && same(&channel.code, code));
    found.map(|channel| channel.stock_id).ok_or_else(unserved)
}

fn unserved() -> ApiError {
    ApiError::refused(404, "No linked stock found")
}

fn show(store: &Store, id: i64) -> Option<Value> {
    let stock = store.stocks.iter().find(|stock| stock.stock_id == id)?;
    Some(StockRow { stock, store }.shown())
}
