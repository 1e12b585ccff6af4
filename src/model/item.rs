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
    /// The quantity; `None` for products without one of their own.
    pub quantity: Option<Quantity>,
    /// True if the row counts as salable, as of the last index run of the product; `None` if the shop does not say so.
    pub salable: Option<bool>,
}

impl IndexRow {
    /// True if the row says nothing of the quantity in the index. Products whose stock is not managed and composite products
    /// are shown as 0 and salable whatever the index holds (17-001 against 17-038 of 2.4.8).
    pub fn hides_its_quantity(&self) -> bool {
        match self.quantity {
            None => true,
            Some(quantity) => quantity == Quantity::ZERO && self.salable == Some(true),
        }
    }
}
