//! The server's records as they stand in JSON.

use serde::{Deserialize, Serialize};

use crate::model::Quantity;

/// A page of a list. An empty one is `"items": null` under a field projection (recording 04, pages beyond the last).
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub items: Option<Vec<T>>,
    pub total_count: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireStock {
    pub stock_id: u32,
    pub name: String,
    #[serde(default)]
    pub extension_attributes: Option<WireStockExtension>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct WireStockExtension {
    #[serde(default)]
    pub sales_channels: Option<Vec<WireChannel>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireChannel {
    #[serde(rename = "type")]
    pub kind: String,
    pub code: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireSource {
    pub source_code: String,
    #[serde(default)]
    pub name: Option<String>,
    pub enabled: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireLink {
    pub stock_id: u32,
    pub source_code: String,
    pub priority: u16,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireItem {
    pub source_code: String,
    pub sku: String,
    pub quantity: Quantity,
    pub status: i64,
}

/// A row of the index. Products without a quantity of their own have `"qty": null`.
#[derive(Debug, Deserialize)]
pub(super) struct WireRow {
    pub sku: String,
    #[serde(default)]
    pub qty: Option<Quantity>,
}

/// The body of a save or delete of links.
#[derive(Debug, Serialize)]
pub(super) struct Links<T> {
    pub links: Vec<T>,
}

#[derive(Debug, Serialize)]
pub(super) struct SaveLink<'a> {
    pub stock_id: u32,
    pub source_code: &'a str,
    pub priority: u16,
}

#[derive(Debug, Serialize)]
pub(super) struct DeleteLink<'a> {
    pub stock_id: u32,
    pub source_code: &'a str,
}
