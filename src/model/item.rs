//! What a source has of a product, and what the index says a stock has of it.

use super::{Quantity, Sku, SourceCode};

/// What one source has of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceItem {
    /// The source.
    pub source: SourceCode,
    /// The product.
    pub sku: Sku,
    /// The units there.
    pub quantity: Quantity,
    /// Whether it counts; an item that is set out of stock adds nothing to the index.
    pub in_stock: bool,
}

/// What the index says of one product in one stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// The product.
    pub sku: Sku,
    /// The units; `None` for products that have none of their own: composite ones, and those whose stock is not managed.
    pub quantity: Option<Quantity>,
}
