//! A product as `POST /V1/products` and seeds write it, and what the catalogue takes from it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::catalogue::{Product, StockSettings};
use super::collation::stored;

/// The status of a product that is switched off.
const DISABLED: i64 = 2;

/// The types of products that have no source items.
const COMPOSITE: [&str; 3] = ["configurable", "grouped", "bundle"];

/// A product. What is left out stays as it is; fields that are not named here mean nothing to the inventory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductForm {
    /// Entity id; seeds may set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// SKU.
    pub sku: String,
    /// 1 if it is switched on, 2 if not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// Such as `simple` or `configurable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_id: Option<String>,
    /// The fields of other modules.
    pub extension_attributes: ProductExtension,
}

/// A product's fields of other modules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductExtension {
    /// Websites that sell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_ids: Option<BTreeSet<i64>>,
    /// Its stock data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock_item: Option<StockItemForm>,
    /// Ids of the products that make up a configurable one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configurable_product_links: Option<BTreeSet<i64>>,
}

/// A product's stock data. A value counts where its `use_config_…` is false.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StockItemForm {
    /// In stock in the default stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_in_stock: Option<bool>,
    /// True unless `min_qty` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_config_min_qty: Option<bool>,
    /// Threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_qty: Option<f64>,
    /// True unless `backorders` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_config_backorders: Option<bool>,
    /// 0 none, 1 allowed, 2 allowed with a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backorders: Option<i64>,
    /// True unless `manage_stock` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_config_manage_stock: Option<bool>,
    /// False if it sells whatever the sources have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manage_stock: Option<bool>,
}

impl ProductForm {
    /// Gives the product, with what is left out from the known one.
    pub fn over(self, known: Option<&Product>) -> Product {
        let known = known.cloned().unwrap_or_default();
        let more = self.extension_attributes;
        Product {
            id: self.id.unwrap_or(known.id),
            sku: stored(&self.sku),
            websites: more.website_ids.or(known.websites),
            is_disabled: self.status.map_or(known.is_disabled, |status| status == DISABLED),
            is_composite: self
                .type_id
                .map_or(known.is_composite, |kind| COMPOSITE.contains(&kind.as_str())),
            children: more.configurable_product_links.unwrap_or(known.children),
            stock: more.stock_item.map_or(known.stock, StockItemForm::settings),
        }
    }
}

impl StockItemForm {
    fn settings(self) -> StockSettings {
        let is_own = |use_config: Option<bool>| use_config == Some(false);
        StockSettings {
            min_qty: self.min_qty.filter(|_| is_own(self.use_config_min_qty)),
            backorders: self
                .backorders
                .filter(|_| is_own(self.use_config_backorders))
                .map(|kind| kind != 0),
            manage_stock: self.manage_stock.filter(|_| is_own(self.use_config_manage_stock)),
            is_in_stock: self.is_in_stock,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(text: &str) -> Product {
        serde_json::from_str::<ProductForm>(text).unwrap().over(None)
    }

    #[test]
    fn a_value_counts_only_beside_the_word_that_it_is_the_products_own() {
        let stock = product(
            r#"{"sku": "a", "extension_attributes": {"stock_item": {"min_qty": 5, "use_config_min_qty": false,
                "backorders": 1, "manage_stock": false, "use_config_manage_stock": true}}}"#,
        )
        .stock;
        assert_eq!(
            stock,
            StockSettings {
                min_qty: Some(5.0),
                ..StockSettings::default()
            }
        );
    }

    #[test]
    fn what_is_left_out_stays() {
        let known = product(
            r#"{"sku": "a", "status": 2, "type_id": "bundle", "extension_attributes": {"website_ids": [2]}}"#,
        );
        let again = ProductForm {
            sku: "a".to_owned(),
            ..ProductForm::default()
        };
        assert_eq!(again.over(Some(&known)), known);
        assert!(known.is_disabled && known.is_composite && known.is_in(2) && !known.is_in(3));
    }
}
