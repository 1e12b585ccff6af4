//! The inventory index as it really is: a snapshot that goes stale at a write and forgets one that lands during a run.

pub mod indexer;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::database::collation::{fold, same};
use crate::database::store::{
    DEFAULT_SOURCE, DEFAULT_STOCK, IndexRow, IndexState, IndexTable, SourceItem, Store,
};
use indexer::INVENTORY;

/// Why an index run did not happen.
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

/// Marks the index stale, as every accepted write does; nothing while a run is working, which is how a write is forgotten.
pub fn invalidate(store: &mut Store) {
    if indexer::state(store, INVENTORY) != IndexState::Valid {
        return;
    }
    indexer::set_state(store, INVENTORY, IndexState::Invalid);
    for id in store.generation.stale_with_inventory {
        indexer::set_state(store, id, IndexState::Invalid);
    }
}

/// Makes the empty table of a stock, unless it is there.
pub fn make_table(store: &mut Store, stock_id: i64) {
    if stock_id != DEFAULT_STOCK {
        store.index.tables.entry(stock_id).or_default();
    }
}

/// Makes every table anew from the links and items as they are now, for a shop that is just being set up.
pub fn build(store: &mut Store) {
    for stock in &store.stocks {
        if stock.stock_id != DEFAULT_STOCK {
            let rows = rows(store, stock.stock_id);
            store.index.tables.insert(stock.stock_id, rows);
        }
    }
    indexer::set_state(store, INVENTORY, IndexState::Valid);
}

/// Runs a whole index run, from reading to publishing.
pub fn rebuild(store: &mut Store) -> Result<(), RunError> {
    let run = read(store)?;
    publish(store, run);
    Ok(())
}

/// Starts a run and holds it open: links and items are read now and published by [`finish`].
pub fn begin(store: &mut Store) -> Result<(), RunError> {
    let run = read(store)?;
    store.index.open_run = Some(run);
    indexer::set_state(store, INVENTORY, IndexState::Working);
    Ok(())
}

/// Ends the run that is held open: what it read is published and the index calls itself valid, whatever happened since.
pub fn finish(store: &mut Store) -> Result<(), RunError> {
    let run = store.index.open_run.take().ok_or(RunError::NoRun)?;
    publish(store, run);
    Ok(())
}

/// Brings the rows of some SKUs up to date at once, in every stock that one of the given sources serves.
///
/// This is what saving or deleting source items does; the state of the index stays what it was.
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

/// Gives the rows of a stock's index: none when it has no table. The default stock has a view that is never stale.
pub fn table(store: &Store, stock_id: i64) -> Option<IndexTable> {
    if stock_id == DEFAULT_STOCK {
        return Some(live(store));
    }
    store.index.tables.get(&stock_id).cloned()
}

/// Gives the row of one SKU: the error says that the stock has no table.
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

/// Reads everything a run needs, or says why it cannot run.
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

/// Puts the rows of a run in place of the old ones; tables of deleted stocks stay as they are.
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

/// Computes the rows of a stock: per SKU what is in stock in its linked, enabled sources.
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

/// Computes the rows of the default stock: one for every product of the catalogue.
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

/// Gives what an item adds to the index: nothing when it is out of stock.
fn in_stock(item: &SourceItem) -> f64 {
    if item.status == 1 { item.quantity } else { 0.0 }
}

fn row_of(quantity: f64) -> IndexRow {
    IndexRow {
        quantity,
        is_salable: quantity > 0.0,
    }
}
