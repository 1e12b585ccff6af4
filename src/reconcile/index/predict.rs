//! Predicts the rows that a full index run would write for a stock.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LiveState, Quantity, Sku, SourceCode, SourceItem, StockId};

/// The sources whose items count for a stock: linked and enabled (recording 14, berlin disabled).
#[must_use]
pub fn counted_sources(live: &LiveState, stock: StockId) -> BTreeSet<&SourceCode> {
    let codes = live.links_of(stock).iter().map(|link| &link.source);
    codes
        .filter(|code| live.source(code).is_some_and(|source| source.enabled))
        .collect()
}

/// The rows of a stock's index: one for each product with an item in a counted source, with the sum of the quantities in
/// stock (recording 14). Priorities and reservations do not count.
#[must_use]
pub fn predict(live: &LiveState, stock: StockId, items: &[SourceItem]) -> BTreeMap<Sku, Quantity> {
    let counted = counted_sources(live, stock);
    let mut rows: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for item in items.iter().filter(|item| counted.contains(&item.source)) {
        let adds = if item.in_stock {
            item.quantity
        } else {
            Quantity::ZERO
        };
        match rows.get_mut(&item.sku) {
            Some(sum) => *sum = [*sum, adds].into_iter().sum(),
            None => {
                rows.insert(item.sku.clone(), adds);
            }
        }
    }
    rows
}
