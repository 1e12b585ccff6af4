//! The routes for salable quantities, and for exports of the index.

use serde_json::{Value, json};

use super::salable_quantity::{self, SalableError, SalableQuantity};
use super::stocks;
use crate::database::store::IndexRow;
use crate::index;
use crate::json::number;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;
use crate::webapi::criteria::{Cell, Row};

/// The website of the administration. It sells nothing.
const ADMIN: &str = "admin";

impl From<SalableError> for ApiError {
    fn from(error: SalableError) -> Self {
        let status = match error {
            SalableError::UnknownSku | SalableError::NotAssigned => 404,
            SalableError::NoTable => 400,
        };
        Self::refused(status, error.to_string())
    }
}

/// Gives the salable quantity of a SKU in a stock.
pub fn quantity(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    Ok(number(salable_quantity::quantity(
        &state.store,
        arguments.text("sku")?,
        arguments.int("stockId")?,
    )?))
}

/// Tells whether a SKU is salable in a stock.
pub fn is_salable(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    Ok(salable_quantity::is_salable(&state.store, arguments.text("sku")?, arguments.int("stockId")?)?.into())
}

/// Tells for each SKU whether it is salable in a stock.
pub fn are_salable(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let stock_id = arguments.int("stockId")?;
    let skus: Vec<String> = arguments.list("skus")?;
    let answer = |sku: String| {
        let salable = salable_quantity::is_salable(&state.store, &sku, stock_id)?;
        Ok(json!({ "sku": sku, "stock_id": stock_id, "salable": salable }))
    };
    skus.into_iter().map(answer).collect()
}

/// Tells whether a requested quantity of a SKU is salable in a stock, with the reasons if not.
pub fn is_salable_for(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let (sku, stock_id) = (arguments.text("sku")?, arguments.int("stockId")?);
    let requested = arguments.float("requestedQty")?;
    let salable = salable_quantity::is_salable(&state.store, sku, stock_id)?
        && salable_quantity::quantity(&state.store, sku, stock_id)? >= requested;
    let errors = if salable { json!([]) } else { not_enough() };
    Ok(json!({ "salable": salable, "errors": errors }))
}

/// Gives the index rows of a sales channel's stock, stale or not. Rows of products that the catalogue does not have are left
/// out (read, not recorded).
pub fn dump(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let code = arguments.text("salesChannelCode")?;
    let stock_id = stocks::serving(&state.store, arguments.text("salesChannelType")?, code)?;
    if code == ADMIN {
        return Ok(json!([]));
    }
    let rows = index::table(&state.store, stock_id).ok_or_else(|| {
        let message = "Something went wrong. Export couldn't be executed, See log files for error details";
        ApiError::refused(400, message)
    })?;
    let shown = |(sku, row): (String, IndexRow)| json!({ "sku": sku, "qty": number(row.quantity), "is_salable": row.is_salable });
    let known = rows
        .into_iter()
        .filter(|(sku, _)| salable_quantity::is_known(&state.store, sku));
    Ok(known.map(shown).collect())
}

/// A product of the catalogue, searchable by SKU.
struct Product<'a>(&'a str);

/// Lists the salable quantities of a page of the catalogue for a sales channel. Products that its stock lacks are left out
/// after paging, and the total counts the rows that remain.
pub fn export(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let store = &state.store;
    let criteria = arguments.criteria()?.checked()?;
    let (kind, code) = (
        arguments.text("salesChannelType")?,
        arguments.text("salesChannelCode")?,
    );
    let stock_id = stocks::serving(store, kind, code)?;
    let catalogue: Vec<Product> = store.skus.iter().map(|sku| Product(sku)).collect();
    let matching = criteria.select(&catalogue)?;
    let page = criteria.page(&matching).iter().map(|product| product.0);
    let rows = salable_quantity::export(store, stock_id, page)?;
    let items: Vec<Value> = rows.iter().map(shown).collect();
    Ok(json!({ "items": items, "search_criteria": criteria.echo(), "total_count": rows.len() }))
}

fn shown(row: &SalableQuantity) -> Value {
    json!({ "sku": row.sku, "qty": number(row.quantity), "is_salable": row.is_salable })
}

impl Row for Product<'_> {
    const COLUMNS: &'static [&'static str] = &["sku"];

    fn cell(&self, column: &str) -> Cell {
        match column {
            "sku" => Cell::Text(self.0.to_owned()),
            _ => Cell::Null,
        }
    }

    fn shown(&self) -> Value {
        json!({ "sku": self.0 })
    }
}

/// Gives the reasons why a requested quantity is not salable.
fn not_enough() -> Value {
    json!([
        { "code": "back_order-disabled", "message": "Backorders are disabled" },
        { "code": "manage_stock-enabled", "message": "Manage stock is enabled" },
        {
            "code": "is_salable_with_reservations-not_enough_qty",
            "message": "The requested qty is not available"
        },
    ])
}
