//! The tables of a shop, as the database of a real Commerce holds them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, ItemOptions};
use super::clock::Clock;
use super::principals::{Admin, Principals};
use super::source::Source;
use super::two_factor_settings::TwoFactorSettings;
use crate::generation::Generation;

/// Code of the source that belongs to the default stock.
pub const DEFAULT_SOURCE: &str = "default";
/// Id of the stock that belongs to the default source.
pub const DEFAULT_STOCK: i64 = 1;

/// All tables of a shop.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Store {
    /// Websites by id.
    pub websites: Vec<Website>,
    /// Store views in the order the shop lists them.
    pub store_views: Vec<StoreView>,
    /// Sources in any order.
    pub sources: Vec<Source>,
    /// Stocks, without their sales channels.
    pub stocks: Vec<Stock>,
    /// Sales channels with the stock that serves each.
    pub sales_channels: Vec<SalesChannel>,
    /// Stock-source links by ascending `link_id`.
    pub links: Vec<Link>,
    /// Quantities of SKUs in sources, by ascending `source_item_id`.
    pub source_items: Vec<SourceItem>,
    /// The products.
    #[serde(default, alias = "skus")]
    pub catalogue: Catalogue,
    /// The stock settings of products that have none of their own.
    #[serde(default)]
    pub item_options: ItemOptions,
    /// Quantities reserved for orders, oldest first.
    pub reservations: Vec<Reservation>,
    /// Messages of the queue `inventory.reservations.updateSalabilityStatus`, oldest first.
    #[serde(default)]
    pub salability_queue: Vec<SalabilityUpdate>,
    /// The indexers' tables and states.
    pub index: Index,
    /// Everybody who may sign in.
    pub principals: Principals,
    /// Next values of the auto-increment columns.
    pub next: Increments,
    /// True if maintenance mode is on.
    pub maintenance: bool,
    /// True if integrations' access tokens work as bearer tokens in every generation that has integrations. A state of an
    /// earlier version has it on.
    #[serde(default = "switched_on")]
    pub integration_bearer: bool,
    /// Settings of the two-factor module.
    #[serde(default)]
    pub two_factor: TwoFactorSettings,
    /// The shop's clock.
    #[serde(default)]
    pub clock: Clock,
    /// The generation of Commerce. The options set it; a snapshot does not have it.
    #[serde(skip)]
    pub(crate) generation: Generation,
}

/// The setting of a state without it.
fn switched_on() -> bool {
    true
}

impl Store {
    /// Finds an admin by name.
    pub fn admin(&self, name: &str) -> Option<&Admin> {
        self.principals.admins.iter().find(|admin| admin.username == name)
    }
}

/// One website.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Website {
    /// Website id; 0 is the admin website.
    pub id: i64,
    /// Website code, compared exactly.
    pub code: String,
    /// Name shown.
    pub name: String,
    /// Its default store group.
    pub default_group_id: i64,
}

/// One store view. A request's path may contain its code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreView {
    /// Store view id; 0 is the admin view.
    pub id: i64,
    /// Store code, compared exactly.
    pub code: String,
    /// Name shown.
    pub name: String,
    /// The website it belongs to.
    pub website_id: i64,
    /// The store group it belongs to.
    pub store_group_id: i64,
    /// 1 when customers may see it.
    pub is_active: i64,
}

/// One stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Stock id; 1 is the default stock.
    pub stock_id: i64,
    /// Name, unique by the database's collation.
    pub name: String,
}

/// One sales channel and the stock that serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesChannel {
    /// Kind of channel, `website` in practice.
    #[serde(rename = "type")]
    pub kind: String,
    /// Code of the channel.
    pub code: String,
    /// The stock that serves it.
    pub stock_id: i64,
}

/// One link between a stock and a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Auto-increment id, never shown over REST.
    pub link_id: i64,
    /// The stock.
    pub stock_id: i64,
    /// The source, spelt as by the caller who created the link.
    pub source_code: String,
    /// 1 to 65535, lowest first.
    pub priority: i64,
}

/// The quantity of one SKU in one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceItem {
    /// Auto-increment id, never shown over REST.
    pub source_item_id: i64,
    /// The source, spelt as saved.
    pub source_code: String,
    /// The product.
    pub sku: String,
    /// Units there.
    pub quantity: f64,
    /// 1 in stock, 0 out of stock.
    pub status: i64,
}

/// A quantity reserved for an order (negative) or released (positive).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reservation {
    /// The product.
    pub sku: String,
    /// The stock that it is reserved from.
    pub stock_id: i64,
    /// Negative for a reservation.
    pub quantity: f64,
}

/// A message: SKUs of a stock whose reservations have changed, so that the flags of their index rows may be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalabilityUpdate {
    /// The stock.
    pub stock_id: i64,
    /// The products.
    pub skus: Vec<String>,
}

/// The states of the indexers, and the rows of the inventory index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Indexers by id, such as `inventory`.
    pub indexers: BTreeMap<String, Indexer>,
    /// The tables `inventory_stock_N` by stock id; each maps a SKU to its row.
    pub tables: BTreeMap<i64, IndexTable>,
    /// The rows that an open index run has read and will publish at its end.
    pub open_run: Option<BTreeMap<i64, IndexTable>>,
}

/// One table `inventory_stock_N`.
pub type IndexTable = BTreeMap<String, IndexRow>;

/// One row of the inventory index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct IndexRow {
    /// Units in the linked, enabled sources when the index was built.
    pub quantity: f64,
    /// True if the product was salable when the row, or its flag alone, was written last.
    pub is_salable: bool,
}

/// The state of one indexer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexer {
    /// The state that the shop reports.
    pub state: IndexState,
    /// True if it is set to "Update by Schedule".
    #[serde(default)]
    pub scheduled: bool,
    /// Number of changes that wait for the schedule.
    #[serde(default)]
    pub backlog: usize,
    /// Time of the schedule's last run, as the shop prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<String>,
}

/// The state that the shop reports of an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IndexState {
    /// Up to date, as far as the shop knows.
    #[default]
    Valid,
    /// Out of date.
    Invalid,
    /// A run is under way.
    Working,
}

/// Next values of the auto-increment columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Increments {
    /// Of the stocks.
    pub stock_id: i64,
    /// Of the links.
    pub link_id: i64,
    /// Of the source items.
    pub source_item_id: i64,
}
