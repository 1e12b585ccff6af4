//! Source items and index rows: the quantity of a product in a source, and in a stock.

use super::code::SourceCode;
use super::quantity::Quantity;
use super::sku::Sku;

/// The quantity of one product in one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceItem {
    /// The source.
    pub source: SourceCode,
    /// The product.
    pub sku: Sku,
    /// The quantity there.
    pub quantity: Quantity,
    /// True if the item is in stock. An item that is out of stock adds nothing to the index.
    pub in_stock: bool,
}

/// The index's quantity of one product in one stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// The product.
    pub sku: Sku,
    /// The quantity; `None` for products without one of their own, which are composite or do not manage stock.
    pub quantity: Option<Quantity>,
}
