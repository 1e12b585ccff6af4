//! Source selection: the sources of a stock that would ship an order. It reads links and items, never the index.

use crate::database::collation::{fold, same};
use crate::database::source::Source;
use crate::database::store::{SourceItem, Store};

/// One source's share in an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The source.
    pub source_code: String,
    /// The SKU, as the source item spells it.
    pub sku: String,
    /// Units to take from there.
    pub to_deduct: f64,
    /// Units available there.
    pub available: f64,
}

/// The sources that would ship an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Shares by priority of the source.
    pub shares: Vec<Share>,
    /// True if the shares cover the order.
    pub shippable: bool,
}

/// Gives the sources of a stock by priority, including disabled ones. Links of equal priority are ordered by code
/// (2.4.8/04-101).
pub fn by_priority(store: &Store, stock_id: i64) -> Vec<&Source> {
    let mut links: Vec<_> = store
        .links
        .iter()
        .filter(|link| link.stock_id == stock_id)
        .collect();
    links.sort_by_cached_key(|link| (link.priority, fold(&link.source_code)));
    let source_of = |code: &str| {
        store
            .sources
            .iter()
            .find(|source| same(&source.source_code, code))
    };
    links
        .into_iter()
        .filter_map(|link| source_of(&link.source_code))
        .collect()
}

/// Distributes an order over the enabled sources of a stock by priority.
pub fn by_priority_algorithm(store: &Store, stock_id: i64, order: &[(String, f64)]) -> Selection {
    let mut missing: Vec<(String, f64)> = Vec::new();
    for (sku, quantity) in order {
        match missing.iter_mut().find(|(known, _)| same(known, sku)) {
            Some((_, sum)) => *sum += quantity,
            None => missing.push((sku.clone(), *quantity)),
        }
    }
    let mut shares = Vec::new();
    for source in by_priority(store, stock_id)
        .into_iter()
        .filter(|source| source.enabled)
    {
        for item in items_in_stock(store, source) {
            if let Some((_, open)) = missing.iter_mut().find(|(sku, _)| same(sku, &item.sku)) {
                let to_deduct = open.min(item.quantity);
                *open -= to_deduct;
                shares.push(share(source, item, to_deduct));
            }
        }
    }
    Selection {
        shares,
        shippable: missing.iter().all(|(_, open)| *open <= 0.0),
    }
}

fn items_in_stock<'a>(store: &'a Store, source: &Source) -> impl Iterator<Item = &'a SourceItem> {
    let code = fold(&source.source_code);
    store
        .source_items
        .iter()
        .filter(move |item| item.status == 1 && fold(&item.source_code) == code)
}

fn share(source: &Source, item: &SourceItem, to_deduct: f64) -> Share {
    Share {
        source_code: source.source_code.clone(),
        sku: item.sku.clone(),
        to_deduct,
        available: item.quantity,
    }
}
