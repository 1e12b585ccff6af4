//! Salable quantities, computed from the index, which may be stale, and the links, which are not.

use std::collections::BTreeSet;

use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_STOCK, Store};
use crate::index;

/// The reason why there is no salable quantity, in the shop's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SalableError {
    /// The catalogue does not know the SKU.
    #[error("The product that was requested doesn't exist. Verify the product and try again.")]
    UnknownSku,
    /// The index still has the SKU in the stock, but no link leads to a source with it.
    #[error("The requested sku is not assigned to given stock.")]
    NotAssigned,
    /// The stock has no index table, or does not exist.
    #[error("Could not receive Stock Item data")]
    NoTable,
}

/// The salable quantity of one SKU in one stock.
#[derive(Debug, Clone, PartialEq)]
pub struct SalableQuantity {
    /// The SKU as the catalogue spells it.
    pub sku: String,
    /// Salable units.
    pub quantity: f64,
    /// True if it is salable at all.
    pub is_salable: bool,
}

/// Gives the salable quantity of a SKU in a stock: 0 if the index does not have it as salable.
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

/// Tells whether a SKU is salable in a stock. An unknown SKU, or one without a source, is not.
pub fn is_salable(store: &Store, sku: &str, stock_id: i64) -> Result<bool, SalableError> {
    if !is_known(store, sku) || !is_assigned(store, sku, stock_id) {
        return Ok(false);
    }
    let row = index::row(store, stock_id, sku).map_err(|_| SalableError::NoTable)?;
    Ok(row.is_some_and(|row| row.is_salable && row.quantity + reserved(store, sku, stock_id) > 0.0))
}

/// Gives the salable quantities of those SKUs that a source of the stock has.
pub fn export<'a>(
    store: &Store,
    stock_id: i64,
    skus: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<SalableQuantity>, SalableError> {
    let assigned = assigned(store, stock_id);
    let is_exported = |sku: &&str| stock_id == DEFAULT_STOCK || assigned.contains(&fold(sku));
    let salable = |sku: &str| {
        let quantity = quantity(store, sku, stock_id)?;
        let is_salable = is_salable(store, sku, stock_id)?;
        Ok(SalableQuantity {
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

/// Tells whether the stock has a link to a source with the SKU, enabled or not, in stock or not.
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

/// Gives the folded SKUs in the linked sources of a stock.
fn assigned(store: &Store, stock_id: i64) -> BTreeSet<String> {
    let links = store.links.iter().filter(|link| link.stock_id == stock_id);
    let linked: BTreeSet<String> = links.map(|link| fold(&link.source_code)).collect();
    let items = store
        .source_items
        .iter()
        .filter(|item| linked.contains(&fold(&item.source_code)));
    items.map(|item| fold(&item.sku)).collect()
}

/// Gives the reserved quantity of a SKU in a stock: negative, or zero.
fn reserved(store: &Store, sku: &str, stock_id: i64) -> f64 {
    let of_both = store
        .reservations
        .iter()
        .filter(|one| one.stock_id == stock_id && same(&one.sku, sku));
    of_both.map(|one| one.quantity).sum()
}
