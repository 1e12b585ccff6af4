//! What can be sold: salable quantities as the shop answers them, from an index that may be stale and links that are not.

use std::collections::BTreeSet;

use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_STOCK, Store};
use crate::index;

/// Why there is no salable quantity; the text is the shop's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SalableError {
    /// The catalogue does not know the SKU.
    #[error("The product that was requested doesn't exist. Verify the product and try again.")]
    UnknownSku,
    /// The index still sells the SKU in the stock, but no link leads to a source that has it.
    #[error("The requested sku is not assigned to given stock.")]
    NotAssigned,
    /// The stock has no index table; so it is with a stock that does not exist.
    #[error("Could not receive Stock Item data")]
    NoTable,
}

/// What one SKU can be sold for in one stock.
#[derive(Debug, Clone, PartialEq)]
pub struct Salable {
    /// The SKU as the catalogue spells it.
    pub sku: String,
    /// Units that can be sold.
    pub quantity: f64,
    /// Whether it can be sold at all.
    pub is_salable: bool,
}

/// Gives the units of a SKU that a stock can sell: 0 when the index does not sell it.
pub fn quantity(store: &Store, sku: &str, stock_id: i64) -> Result<f64, SalableError> {
    if !is_known(store, sku) {
        return Err(SalableError::UnknownSku);
    }
    let row = index::row(store, stock_id, sku).map_err(|_| SalableError::NoTable)?;
    match row {
        Some(row) if row.is_salable => {
            if !is_assigned(store, sku, stock_id) {
                return Err(SalableError::NotAssigned);
            }
            Ok(row.quantity + reserved(store, sku, stock_id))
        }
        _ => Ok(0.0),
    }
}

/// Tells whether a stock can sell a SKU; one it has no source for, or that nobody knows, it cannot.
pub fn is_salable(store: &Store, sku: &str, stock_id: i64) -> Result<bool, SalableError> {
    if !is_known(store, sku) || !is_assigned(store, sku, stock_id) {
        return Ok(false);
    }
    let row = index::row(store, stock_id, sku).map_err(|_| SalableError::NoTable)?;
    Ok(row.is_some_and(|row| row.is_salable && row.quantity + reserved(store, sku, stock_id) > 0.0))
}

/// Gives what can be sold of those of some SKUs that a source of the stock has.
pub fn export<'a>(
    store: &Store,
    stock_id: i64,
    skus: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Salable>, SalableError> {
    let assigned = assigned(store, stock_id);
    let is_exported = |sku: &&str| stock_id == DEFAULT_STOCK || assigned.contains(&fold(sku));
    let salable = |sku: &str| {
        let quantity = quantity(store, sku, stock_id)?;
        let is_salable = is_salable(store, sku, stock_id)?;
        Ok(Salable {
            sku: sku.to_owned(),
            quantity,
            is_salable,
        })
    };
    skus.into_iter().filter(is_exported).map(salable).collect()
}

/// Tells whether the catalogue knows a SKU.
pub fn is_known(store: &Store, sku: &str) -> bool {
    store.skus.contains(sku) || store.skus.iter().any(|known| same(known, sku))
}

/// Tells whether a link leads from the stock to a source that has the SKU, enabled or not, in stock or not.
fn is_assigned(store: &Store, sku: &str, stock_id: i64) -> bool {
    if stock_id == DEFAULT_STOCK {
        return true;
    }
    let linked = |code: &str| {
        store
            .links
            .iter()
            .any(|link| link.stock_id == stock_id && same(&link.source_code, code))
    };
    store
        .source_items
        .iter()
        .any(|item| same(&item.sku, sku) && linked(&item.source_code))
}

/// Gives the folded SKUs that the linked sources of a stock have.
fn assigned(store: &Store, stock_id: i64) -> BTreeSet<String> {
    let links = store.links.iter().filter(|link| link.stock_id == stock_id);
    let linked: BTreeSet<String> = links.map(|link| fold(&link.source_code)).collect();
    let items = store
        .source_items
        .iter()
        .filter(|item| linked.contains(&fold(&item.source_code)));
    items.map(|item| fold(&item.sku)).collect()
}

/// Gives what is promised of a SKU in a stock: negative, or zero.
fn reserved(store: &Store, sku: &str, stock_id: i64) -> f64 {
    let of_both = store
        .reservations
        .iter()
        .filter(|one| one.stock_id == stock_id && same(&one.sku, sku));
    of_both.map(|one| one.quantity).sum()
}
