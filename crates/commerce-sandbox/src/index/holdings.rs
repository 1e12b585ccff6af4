//! What the sources of a stock hold of each SKU, and what is reserved of it, read from the tables as they are now.

use std::collections::{HashMap, HashSet};

use crate::database::catalogue::Product;
use crate::database::collation::fold;
use crate::database::store::{DEFAULT_SOURCE, DEFAULT_STOCK, SourceItem, Store};
use crate::salability::Position;

/// The SKUs of one stock.
#[derive(Debug)]
pub struct Holdings<'a> {
    store: &'a Store,
    /// By folded SKU: what the linked sources have.
    held: HashMap<String, Held<'a>>,
    /// By folded SKU: the sum of the reservations.
    reserved: HashMap<String, f64>,
}

/// What the linked sources of a stock have of one SKU.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The SKU, as the first item spells it.
    pub sku: &'a str,
    /// Units in stock in enabled sources.
    pub quantity: f64,
    /// True if an enabled source has an item of it that is in stock.
    pub is_in_stock: bool,
    /// True if an enabled source has an item of it at all.
    pub is_in_enabled: bool,
}

impl<'a> Holdings<'a> {
    /// Reads what a stock has of the wanted SKUs.
    pub fn of(store: &'a Store, stock_id: i64, wanted: impl Fn(&str) -> bool) -> Self {
        let linked = linked(store, stock_id);
        let mut held: HashMap<String, Held> = HashMap::new();
        for item in store.source_items.iter().filter(|item| wanted(&item.sku)) {
            if let Some(is_enabled) = linked.get(&fold(&item.source_code)) {
                let known = held.entry(fold(&item.sku)).or_insert(Held {
                    sku: &item.sku,
                    quantity: 0.0,
                    is_in_stock: false,
                    is_in_enabled: false,
                });
                if *is_enabled {
                    known.add(item);
                }
            }
        }
        let mut reserved = HashMap::new();
        let of_stock = store.reservations.iter().filter(|one| one.stock_id == stock_id);
        for one in of_stock.filter(|one| wanted(&one.sku)) {
            *reserved.entry(fold(&one.sku)).or_insert(0.0) += one.quantity;
        }
        Self {
            store,
            held,
            reserved,
        }
    }

    /// Gives what the linked sources have of a SKU; `None` if none of them, enabled or not, has an item of it.
    pub fn held(&self, sku: &str) -> Option<Held<'a>> {
        self.held.get(&fold(sku)).copied()
    }

    /// Gives all that the linked sources have.
    pub fn iter(&self) -> impl Iterator<Item = Held<'a>> {
        self.held.values().copied()
    }

    /// Gives all that decides whether a SKU is salable, but the index. A SKU without a product follows the shop's settings.
    pub fn position(&self, sku: &str, product: Option<&Product>) -> Position {
        let shop = self.store.item_options;
        Position {
            options: product.map_or(shop, |product| product.options(shop)),
            reserved: self.reserved.get(&fold(sku)).copied().unwrap_or(0.0),
            is_in_stock: self.held(sku).is_some_and(|held| held.is_in_stock),
        }
    }
}

impl Held<'_> {
    fn add(&mut self, item: &SourceItem) {
        self.is_in_enabled = true;
        if item.status == 1 {
            self.is_in_stock = true;
            self.quantity += item.quantity;
        }
    }
}

/// Gives the folded codes of a stock's sources, and whether each is enabled. The default stock has the default source alone.
fn linked(store: &Store, stock_id: i64) -> HashMap<String, bool> {
    if stock_id == DEFAULT_STOCK {
        return HashMap::from([(fold(DEFAULT_SOURCE), true)]);
    }
    let enabled: HashSet<String> = store
        .sources
        .iter()
        .filter(|source| source.enabled)
        .map(|source| fold(&source.source_code))
        .collect();
    let links = store.links.iter().filter(|link| link.stock_id == stock_id);
    links
        .map(|link| fold(&link.source_code))
        .map(|code| {
            let is_enabled = enabled.contains(&code);
            (code, is_enabled)
        })
        .collect()
}
