//! The inventory index: a snapshot that goes stale at a write, and that misses a write during an index run.

pub mod indexer;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::database::collation::{fold, same};
use crate::database::store::{
    DEFAULT_SOURCE, DEFAULT_STOCK, IndexRow, IndexState, IndexTable, SourceItem, Store,
};
use indexer::INVENTORY;

/// The reason why an index run did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Another run is working, or was killed while it worked.
    #[error("the inventory index is locked by another run")]
    Locked,
    /// A stock has no table to write to.
    #[error("the table inventory_stock_{0} does not exist")]
    MissingTable(i64),
    /// There is no run to finish.
    #[error("no index run is held open")]
    NoRun,
}

/// Invalidates the index, as every accepted write does. During a run this does nothing: that is how a write is missed.
pub fn invalidate(store: &mut Store) {
    if indexer::state(store, INVENTORY) != IndexState::Valid {
        return;
    }
    indexer::set_state(store, INVENTORY, IndexState::Invalid);
    for id in store.generation.stale_with_inventory {
        indexer::set_state(store, id, IndexState::Invalid);
    }
}

/// Creates the empty table of a stock, unless it exists.
pub fn make_table(store: &mut Store, stock_id: i64) {
    if stock_id != DEFAULT_STOCK {
        store.index.tables.entry(stock_id).or_default();
    }
}

/// Builds all tables from the present links and items, for a shop that is being set up.
pub fn build(store: &mut Store) {
    for stock in &store.stocks {
        if stock.stock_id != DEFAULT_STOCK {
            let rows = rows(store, stock.stock_id);
            store.index.tables.insert(stock.stock_id, rows);
        }
    }
    indexer::set_state(store, INVENTORY, IndexState::Valid);
}

/// Does a whole index run: reads and publishes.
pub fn rebuild(store: &mut Store) -> Result<(), RunError> {
    let run = read(store)?;
    publish(store, run);
    Ok(())
}

/// Begins a run and holds it open. It reads links and items now; [`finish`] publishes them.
pub fn begin(store: &mut Store) -> Result<(), RunError> {
    let run = read(store)?;
    store.index.open_run = Some(run);
    indexer::set_state(store, INVENTORY, IndexState::Working);
    Ok(())
}

/// Ends the open run: publishes what it read and marks the index valid, whatever was written since.
pub fn finish(store: &mut Store) -> Result<(), RunError> {
    let run = store.index.open_run.take().ok_or(RunError::NoRun)?;
    publish(store, run);
    Ok(())
}

/// Updates the rows of some SKUs at once, in every stock that one of the given sources serves.
///
/// Saving or deleting source items does this. The state of the index does not change.
pub fn refresh<'a>(store: &mut Store, items: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut touched: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let mut changed = BTreeSet::new();
    for (source, sku) in items {
        changed.insert((fold(source), fold(sku)));
        for link in store.links.iter().filter(|link| same(&link.source_code, source)) {
            touched.entry(link.stock_id).or_default().insert(fold(sku));
        }
    }
    for (stock_id, skus) in touched {
        refresh_stock(store, stock_id, &skus);
    }
    if indexer::scheduled(store, INVENTORY) {
        indexer::entry(store, INVENTORY).backlog += changed.len();
    }
}

/// Gives the rows of a stock's index; `None` if it has no table. The default stock has a view, which is never stale.
pub fn table(store: &Store, stock_id: i64) -> Option<IndexTable> {
    if stock_id == DEFAULT_STOCK {
        return Some(live(store));
    }
    store.index.tables.get(&stock_id).cloned()
}

/// Gives the row of one SKU. The error is a stock without a table.
pub fn row(store: &Store, stock_id: i64, sku: &str) -> Result<Option<IndexRow>, RunError> {
    if stock_id == DEFAULT_STOCK {
        let known = store.skus.iter().any(|known| same(known, sku));
        return Ok(known.then(|| live_row(store, sku)));
    }
    let table = store
        .index
        .tables
        .get(&stock_id)
        .ok_or(RunError::MissingTable(stock_id))?;
    let exact = table.get(sku);
    let found = exact.or_else(|| table.iter().find(|(key, _)| same(key, sku)).map(|(_, row)| row));
    Ok(found.copied())
}

/// Reads everything that a run needs.
fn read(store: &Store) -> Result<BTreeMap<i64, IndexTable>, RunError> {
    if indexer::state(store, INVENTORY) == IndexState::Working {
        return Err(RunError::Locked);
    }
    let mut run = BTreeMap::new();
    for stock in store
        .stocks
        .iter()
        .filter(|stock| stock.stock_id != DEFAULT_STOCK)
    {
        if !store.index.tables.contains_key(&stock.stock_id) {
            return Err(RunError::MissingTable(stock.stock_id));
        }
        run.insert(stock.stock_id, rows(store, stock.stock_id));
    }
    Ok(run)
}

/// Replaces the old rows by those of a run. Tables of deleted stocks stay.
fn publish(store: &mut Store, run: BTreeMap<i64, IndexTable>) {
    store.index.tables.extend(run);
    indexer::set_state(store, INVENTORY, IndexState::Valid);
}

/// Replaces the rows of the given folded SKUs in one table.
fn refresh_stock(store: &mut Store, stock_id: i64, skus: &BTreeSet<String>) {
    if !store.index.tables.contains_key(&stock_id) {
        return;
    }
    let fresh = rows(store, stock_id);
    if let Some(table) = store.index.tables.get_mut(&stock_id) {
        table.retain(|sku, _| !skus.contains(&fold(sku)));
        table.extend(fresh.into_iter().filter(|(sku, _)| skus.contains(&fold(sku))));
    }
}

/// Computes the rows of a stock: for each SKU, the units in stock in linked, enabled sources.
fn rows(store: &Store, stock_id: i64) -> IndexTable {
    let enabled: BTreeSet<String> = store
        .sources
        .iter()
        .filter(|source| source.enabled)
        .map(|source| fold(&source.source_code))
        .collect();
    let linked: BTreeSet<String> = store
        .links
        .iter()
        .filter(|link| link.stock_id == stock_id)
        .map(|link| fold(&link.source_code))
        .filter(|code| enabled.contains(code))
        .collect();
    let mut sums: BTreeMap<String, (&str, f64)> = BTreeMap::new();
    for item in store
        .source_items
        .iter()
        .filter(|item| linked.contains(&fold(&item.source_code)))
    {
        let (_, sum) = sums.entry(fold(&item.sku)).or_insert((&item.sku, 0.0));
        *sum += in_stock(item);
    }
    sums.into_values()
        .map(|(sku, sum)| (sku.to_owned(), row_of(sum)))
        .collect()
}

/// Computes the rows of the default stock: one for each product of the catalogue.
fn live(store: &Store) -> IndexTable {
    store
        .skus
        .iter()
        .map(|sku| (sku.clone(), live_row(store, sku)))
        .collect()
}

fn live_row(store: &Store, sku: &str) -> IndexRow {
    let items = store.source_items.iter();
    let quantity = items
        .filter(|item| same(&item.source_code, DEFAULT_SOURCE) && same(&item.sku, sku))
        .map(in_stock)
        .sum();
    row_of(quantity)
}

/// Gives the units that an item adds to the index: none if it is out of stock.
fn in_stock(item: &SourceItem) -> f64 {
    if item.status == 1 { item.quantity } else { 0.0 }
}

fn row_of(quantity: f64) -> IndexRow {
    IndexRow {
        quantity,
        is_salable: quantity > 0.0,
    }
}
