//! What a stock can sell of a SKU: the index, which may be stale, with links, items and reservations, which are not.

use std::collections::BTreeSet;

use crate::database::catalogue::Product;
use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_STOCK, Store};
use crate::generation::UnknownSku;
use crate::index::holdings::Holdings;
use crate::index::{self, RunError};

/// The reason why there is no salable quantity, in the shop's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SalableError {
    /// The catalogue does not know the SKU.
    #[error("The product that was requested doesn't exist. Verify the product and try again.")]
    UnknownSku,
    /// Other products make this one up.
    #[error("Can't check requested quantity for products without Source Items support.")]
    Composite,
    /// PHP crashes over a SKU that the catalogue does not know.
    #[error("PHP crashed")]
    Crash,
    /// The index still has the SKU in the stock, but no link leads to a source with it.
    #[error("The requested sku is not assigned to given stock.")]
    NotAssigned,
    /// The stock has no index table, or does not exist.
    #[error("Could not receive Stock Item data")]
    NoTable,
}

impl From<RunError> for SalableError {
    fn from(_: RunError) -> Self {
        Self::NoTable
    }
}

/// What an export tells of one SKU.
#[derive(Debug, Clone, PartialEq)]
pub struct SalableQuantity {
    /// The SKU as the catalogue spells it.
    pub sku: String,
    /// Salable units.
    pub quantity: f64,
    /// True if it is salable at all.
    pub is_salable: bool,
}

/// Some or all SKUs of a stock, to ask about.
struct Stock<'a> {
    store: &'a Store,
    id: i64,
    holdings: Holdings<'a>,
}

/// Gives the salable quantity of a SKU in a stock: 0 if the index does not have it as salable.
pub fn quantity(store: &Store, sku: &str, stock_id: i64) -> Result<f64, SalableError> {
    let Some(product) = store.catalogue.get(sku) else {
        return quantity_of_unknown(store, sku, stock_id);
    };
    if product.is_composite {
        return Err(SalableError::Composite);
    }
    Stock::with_one(store, stock_id, product).quantity(product)
}

/// Gives the salable quantity of a SKU that the catalogue does not have.
fn quantity_of_unknown(store: &Store, sku: &str, stock_id: i64) -> Result<f64, SalableError> {
    match store.generation.unknown_sku {
        UnknownSku::NotFound => Err(SalableError::UnknownSku),
        UnknownSku::Crash => Err(SalableError::Crash),
        UnknownSku::Zero => {
            index::row(store, stock_id, sku)?;
            Ok(0.0)
        }
    }
}

/// Tells whether a SKU is salable in a stock. An unknown SKU is not.
pub fn is_salable(store: &Store, sku: &str, stock_id: i64) -> Result<bool, SalableError> {
    store.catalogue.get(sku).map_or(Ok(false), |product| {
        Stock::with_one(store, stock_id, product).is_salable(product)
    })
}

/// Tells whether a requested quantity of a SKU is salable in a stock. Of an unknown SKU none is in 2.4.1; later PHP
/// crashes (observed in 2.4.7 and 2.4.8).
pub fn covers(store: &Store, sku: &str, stock_id: i64, requested: f64) -> Result<bool, SalableError> {
    match store.catalogue.get(sku) {
        None if store.generation.unknown_sku == UnknownSku::NotFound => Ok(false),
        None => Err(SalableError::Crash),
        Some(product) if product.is_composite => Err(SalableError::Composite),
        Some(product) => Stock::with_one(store, stock_id, product).covers(product, requested),
    }
}

/// Tells of each SKU whether it is salable in a stock.
pub fn are_salable(store: &Store, skus: &[String], stock_id: i64) -> Result<Vec<bool>, SalableError> {
    let products = || skus.iter().map(|sku| store.catalogue.get(sku));
    let stock = Stock::with(store, stock_id, products().flatten());
    products()
        .map(|product| product.map_or(Ok(false), |product| stock.is_salable(product)))
        .collect()
}

/// Gives what a stock sells of some products. Those that no source of the stock has, enabled or not, are left out, but not those
/// that need no items: composite products, and those whose stock is not managed, with a quantity of 0 (2.4.8/17-160, 16-178).
pub fn export<'a>(
    store: &'a Store,
    stock_id: i64,
    products: impl IntoIterator<Item = &'a Product>,
) -> Result<Vec<SalableQuantity>, SalableError> {
    let stock = Stock::of(store, stock_id, |_| true);
    let mut rows = Vec::new();
    for product in products {
        let is_managed = product.options(store.item_options).manage_stock;
        let (quantity, is_salable) = if !is_managed {
            (0.0, true)
        } else if product.is_composite {
            (0.0, stock.is_salable(product)?)
        } else if stock.has(product) {
            (stock.quantity(product)?, stock.is_salable(product)?)
        } else {
            continue;
        };
        rows.push(SalableQuantity {
            sku: product.sku.clone(),
            quantity,
            is_salable,
        });
    }
    Ok(rows)
}

impl<'a> Stock<'a> {
    /// Reads what is needed for the wanted SKUs.
    fn of(store: &'a Store, id: i64, wanted: impl Fn(&str) -> bool) -> Self {
        let holdings = Holdings::of(store, id, wanted);
        Self { store, id, holdings }
    }

    /// Reads what is needed for some products and their children.
    fn with(store: &'a Store, id: i64, products: impl Iterator<Item = &'a Product>) -> Self {
        let family = products.flat_map(|product| store.catalogue.children(product).chain([product]));
        let wanted: BTreeSet<String> = family.map(|product| fold(&product.sku)).collect();
        Self::of(store, id, |sku| wanted.contains(&fold(sku)))
    }

    /// Reads what is needed for one product; no item of another SKU costs more than a look.
    fn with_one(store: &'a Store, id: i64, product: &'a Product) -> Self {
        if product.is_composite {
            return Self::with(store, id, [product].into_iter());
        }
        Self::of(store, id, |sku| same(sku, &product.sku))
    }

    /// Tells whether a linked source, enabled or not, has the product. The default stock has every product.
    fn has(&self, product: &Product) -> bool {
        self.id == DEFAULT_STOCK || self.holdings.held(&product.sku).is_some()
    }

    fn quantity(&self, product: &Product) -> Result<f64, SalableError> {
        let row = index::row(self.store, self.id, &product.sku)?;
        if row.is_some_and(|row| row.is_salable) && !self.has(product) {
            return Err(SalableError::NotAssigned);
        }
        let position = self.holdings.position(&product.sku, Some(product));
        Ok(position.quantity(row))
    }

    /// A composite product is salable while one of its children is (2.4.8/17-161, 17-196).
    fn is_salable(&self, product: &Product) -> Result<bool, SalableError> {
        if product.is_composite {
            for child in self.store.catalogue.children(product) {
                if self.is_salable(child)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let position = self.holdings.position(&product.sku, Some(product));
        // Without an item in stock nothing asks the index, not even whether it has the table.
        if !position.is_in_stock {
            return Ok(false);
        }
        let row = index::row(self.store, self.id, &product.sku)?;
        Ok(position.is_salable(row))
    }

    fn covers(&self, product: &Product, requested: f64) -> Result<bool, SalableError> {
        let position = self.holdings.position(&product.sku, Some(product));
        if !position.is_in_stock {
            return Ok(false);
        }
        let row = index::row(self.store, self.id, &product.sku)?;
        Ok(position.covers(requested, row))
    }
}
