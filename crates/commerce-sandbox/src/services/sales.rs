//! The routes for salable quantities, and for exports of the index.

use serde_json::{Value, json};

use super::salable_quantity::{self, SalableError, SalableQuantity};
use super::stocks;
use crate::database::catalogue::Product;
use crate::database::collation::same;
use crate::database::store::{IndexRow, Store};
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
            SalableError::Composite | SalableError::NoTable => 400,
            SalableError::Crash => return Self::Crash,
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
    let salable = salable_quantity::are_salable(&state.store, &skus, stock_id)?;
    let answers = skus.iter().zip(salable);
    let shown = |(sku, salable)| json!({ "sku": sku, "stock_id": stock_id, "salable": salable });
    Ok(answers.map(shown).collect())
}

/// Tells whether a requested quantity of a SKU is salable in a stock, with the reasons if not.
pub fn is_salable_for(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let (sku, stock_id) = (arguments.text("sku")?, arguments.int("stockId")?);
    let requested = arguments.float("requestedQty")?;
    let salable = salable_quantity::covers(&state.store, sku, stock_id, requested)?;
    let errors = if salable {
        json!([])
    } else {
        not_enough(state.store.generation.not_enough)
    };
    Ok(json!({ "salable": salable, "errors": errors }))
}

/// Gives the index rows of a sales channel's stock, stale or not, of the products that its website sells (2.4.8/17-001).
///
/// A composite product has a quantity of 0. Products whose stock is not managed are shown as salable and without a quantity,
/// whatever the index has of them, even nothing (2.4.8/16-177). Rows of products that the catalogue does not have are left out
/// (read, not recorded).
pub fn dump(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let store = &state.store;
    let code = arguments.text("salesChannelCode")?;
    let stock_id = stocks::serving(store, arguments.text("salesChannelType")?, code)?;
    if code == ADMIN {
        return Ok(json!([]));
    }
    let rows = index::table(store, stock_id).ok_or_else(|| {
        let message = "Something went wrong. Export couldn't be executed, See log files for error details";
        ApiError::refused(400, message)
    })?;
    let website = website(store, code);
    let is_sold = |product: &&Product| website.is_none_or(|website| product.is_in(website));
    let is_managed = |product: &Product| product.options(store.item_options).manage_stock;
    let unmanaged = store
        .catalogue
        .iter()
        .filter(|product| is_sold(product) && !is_managed(product))
        .map(|product| json!({ "sku": product.sku, "qty": 0, "is_salable": true }));
    let of_index = rows.iter().filter_map(|(sku, row)| {
        let product = store.catalogue.get(sku).filter(is_sold)?;
        is_managed(product).then(|| shown_row(sku, *row, product))
    });
    Ok(unmanaged.chain(of_index).collect())
}

fn shown_row(sku: &str, row: IndexRow, product: &Product) -> Value {
    let quantity = if product.is_composite { 0.0 } else { row.quantity };
    json!({ "sku": sku, "qty": number(quantity), "is_salable": row.is_salable })
}

/// Gives the id of a website.
fn website(store: &Store, code: &str) -> Option<i64> {
    let mut websites = store.websites.iter();
    websites
        .find(|website| same(&website.code, code))
        .map(|website| website.id)
}

/// Lists what a sales channel's stock sells of a page of the catalogue, whichever websites sell the products (2.4.8/17-002).
/// Products that the stock lacks are left out after paging, and the total counts the rows that remain (2.4.8/17-386).
pub fn export(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let store = &state.store;
    let criteria = arguments.criteria()?.checked()?;
    let (kind, code) = (
        arguments.text("salesChannelType")?,
        arguments.text("salesChannelCode")?,
    );
    let stock_id = stocks::serving(store, kind, code)?;
    let catalogue: Vec<&Product> = store.catalogue.iter().collect();
    let matching = criteria.select(&catalogue)?;
    let page = criteria.page(&matching).iter().map(|product| **product);
    let rows = salable_quantity::export(store, stock_id, page)?;
    let items: Vec<Value> = rows.iter().map(shown).collect();
    Ok(json!({ "items": items, "search_criteria": criteria.echo(), "total_count": rows.len() }))
}

fn shown(row: &SalableQuantity) -> Value {
    json!({ "sku": row.sku, "qty": number(row.quantity), "is_salable": row.is_salable })
}

impl Row for Product {
    const COLUMNS: &'static [&'static str] = &["entity_id", "sku"];

    fn cell(&self, column: &str) -> Cell {
        match column {
            "entity_id" => Cell::int(self.id),
            "sku" => Cell::Text(self.sku.clone()),
            _ => Cell::Null,
        }
    }

    fn shown(&self) -> Value {
        json!({ "sku": self.sku })
    }
}

/// Gives the reasons why a requested quantity is not salable.
fn not_enough(message: &str) -> Value {
    json!([
        { "code": "back_order-disabled", "message": "Backorders are disabled" },
        { "code": "manage_stock-enabled", "message": "Manage stock is enabled" },
        {
            "code": "is_salable_with_reservations-not_enough_qty",
            "message": message
        },
    ])
}
