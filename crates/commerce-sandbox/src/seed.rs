//! Seeds: the state that a shop starts in, as in the files of `contract/seeds`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::database::catalogue::Catalogue;
use crate::database::store::{Increments, Link, SalesChannel, SourceItem, Stock, Store};
use crate::index;

pub use crate::database::principals::{Admin, Application, Customer, Integration, Principals};
pub use crate::database::product_form::{ProductExtension, ProductForm, StockItemForm};
pub use crate::database::source::{Pickup, Source};
pub use crate::database::store::{
    Index, IndexRow, IndexState, IndexTable, Indexer, Reservation, StoreView, Website,
};

/// A shop as its REST lists show it, and everybody who may sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// Its name.
    #[serde(default, rename = "seed")]
    pub name: String,
    /// Websites.
    pub websites: Vec<Website>,
    /// Store views.
    pub store_views: Vec<StoreView>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Stocks with their sales channels.
    pub stocks: Vec<SeedStock>,
    /// Links by age, oldest first.
    pub links: Vec<SeedLink>,
    /// Source items by age, oldest first.
    pub source_items: Vec<SeedItem>,
    /// The users who may sign in.
    pub principals: Principals,
    /// True if integrations' access tokens work as bearer tokens, as an admin can allow since 2.4.4. What a seed does not say is
    /// true of copies of the demo, which are named so, and of no other.
    #[serde(default)]
    pub integration_bearer: Option<bool>,
    /// Products, where more is to be said of them than their SKU. Those that are left out are simple, and all websites sell them.
    #[serde(default)]
    pub products: Vec<ProductForm>,
    /// SKUs of products without source items. Those of products and source items need not be listed.
    #[serde(default)]
    pub skus: BTreeSet<String>,
    /// Quantities reserved for orders.
    #[serde(default)]
    pub reservations: Vec<Reservation>,
    /// The index; without it, the shop starts with a fresh index.
    #[serde(default)]
    pub index: Option<Index>,
}

/// A stock as REST shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedStock {
    /// Stock id.
    pub stock_id: i64,
    /// Name.
    pub name: String,
    /// Its sales channels.
    #[serde(default)]
    pub extension_attributes: SeedChannels,
}

/// The sales channels of a stock as REST shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedChannels {
    /// Channels.
    #[serde(default)]
    pub sales_channels: Vec<SeedChannel>,
}

/// A sales channel as REST shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedChannel {
    /// Kind of channel.
    #[serde(rename = "type")]
    pub kind: String,
    /// Code of the channel.
    pub code: String,
}

/// A link as REST shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedLink {
    /// The stock.
    pub stock_id: i64,
    /// The source.
    pub source_code: String,
    /// The priority.
    pub priority: i64,
}

/// A source item as REST shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeedItem {
    /// The product.
    pub sku: String,
    /// The source.
    pub source_code: String,
    /// Units there.
    pub quantity: f64,
    /// 1 in stock, 0 out of stock.
    pub status: i64,
}

/// The reason why a seed cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("this is not a seed")]
pub struct SeedError(#[from] serde_json::Error);

impl Seed {
    /// Reads a seed.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        Ok(serde_json::from_str(text)?)
    }

    /// A shop with websites, the default source and the default stock.
    pub fn empty() -> Self {
        Self::built_in(include_str!("seeds/empty.json"))
    }

    /// A shop with 15 sources, 4 stocks, a few products, and links that drifted from stocktake's `inventory.yaml`.
    pub fn demo() -> Self {
        Self::built_in(include_str!("seeds/demo.json"))
    }

    #[expect(
        clippy::expect_used,
        reason = "the text is part of the program, and a test reads it"
    )]
    fn built_in(text: &str) -> Self {
        Self::from_json(text).expect("a built-in seed is well-formed")
    }

    /// Gives the tables of the shop.
    pub fn into_store(self) -> Store {
        let stock_id = self.stocks.iter().map(|stock| stock.stock_id).max().unwrap_or(0) + 1;
        let mut catalogue: Catalogue = self.products.into_iter().map(|form| form.over(None)).collect();
        let mut skus = self.skus;
        skus.extend(self.source_items.iter().map(|item| item.sku.clone()));
        for sku in &skus {
            catalogue.add(sku);
        }
        let mut store = Store {
            sales_channels: self.stocks.iter().flat_map(SeedStock::channels).collect(),
            stocks: self
                .stocks
                .into_iter()
                .map(|s| Stock {
                    stock_id: s.stock_id,
                    name: s.name,
                })
                .collect(),
            links: (1..)
                .zip(self.links)
                .map(|(link_id, link)| link.into_row(link_id))
                .collect(),
            catalogue,
            source_items: (1..)
                .zip(self.source_items)
                .map(|(id, item)| item.into_row(id))
                .collect(),
            websites: self.websites,
            store_views: self.store_views,
            sources: self.sources,
            reservations: self.reservations,
            principals: self.principals,
            integration_bearer: self.integration_bearer.unwrap_or(self.name == "demo"),
            ..Store::default()
        };
        store.next = Increments {
            stock_id,
            link_id: store.links.last().map_or(1, |link| link.link_id + 1),
            source_item_id: store
                .source_items
                .last()
                .map_or(1, |item| item.source_item_id + 1),
        };
        match self.index {
            Some(index) => store.index = index,
            None => index::build(&mut store),
        }
        store
    }
}

impl SeedStock {
    fn channels(&self) -> Vec<SalesChannel> {
        let channels = self.extension_attributes.sales_channels.iter().cloned();
        let stock_id = self.stock_id;
        channels
            .map(|channel| SalesChannel {
                kind: channel.kind,
                code: channel.code,
                stock_id,
            })
            .collect()
    }
}

impl SeedLink {
    fn into_row(self, link_id: i64) -> Link {
        let Self {
            stock_id,
            source_code,
            priority,
        } = self;
        Link {
            link_id,
            stock_id,
            source_code,
            priority,
        }
    }
}

impl SeedItem {
    fn into_row(self, source_item_id: i64) -> SourceItem {
        let Self {
            sku,
            source_code,
            quantity,
            status,
        } = self;
        SourceItem {
            source_item_id,
            source_code,
            sku,
            quantity,
            status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_seeds_can_be_read() {
        assert_eq!(Seed::empty().into_store().links.len(), 1);
        assert!(Seed::demo().into_store().links.len() > 1);
    }

    #[test]
    fn copies_of_the_demo_take_tokens_as_bearers_unless_they_say_otherwise() {
        let is_on = |name: &str, integration_bearer| {
            let seed = Seed {
                name: name.to_owned(),
                integration_bearer,
                ..Seed::demo()
            };
            seed.into_store().integration_bearer
        };
        assert!(is_on("demo", None) && is_on("baseline", Some(true)));
        assert!(!is_on("baseline", None) && !is_on("demo", Some(false)));
    }

    #[test]
    fn what_is_no_seed_is_refused() {
        assert!(Seed::from_json("{}").is_err());
    }
}
