//! The inventory index: a snapshot that goes stale at a write, and that misses a write during an index run.

pub mod holdings;
pub mod indexer;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_STOCK, IndexRow, IndexState, IndexTable, Store};
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
            let rows = rows::of(store, stock.stock_id);
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
        return Some(rows::of_default_stock(store));
    }
    store.index.tables.get(&stock_id).cloned()
}

/// Gives the row of one SKU. The error is a stock without a table.
pub fn row(store: &Store, stock_id: i64, sku: &str) -> Result<Option<IndexRow>, RunError> {
    if stock_id == DEFAULT_STOCK {
        return Ok(rows::in_default_stock(store, sku));
    }
    let table = store
        .index
        .tables
        .get(&stock_id)
        .ok_or(RunError::MissingTable(stock_id))?;
    Ok(rows::find(table, sku))
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
        run.insert(stock.stock_id, rows::of_run(store, stock.stock_id));
    }
    Ok(run)
}

/// Sets the flag of a SKU's row, if it has one in a table.
pub fn set_flag(store: &mut Store, stock_id: i64, sku: &str, is_salable: bool) {
    let table = store.index.tables.get_mut(&stock_id);
    let row = table.and_then(|table| table.iter_mut().find(|(key, _)| same(key, sku)));
    if let Some((_, row)) = row {
        row.is_salable = is_salable;
    }
}

/// Replaces the old rows by those of a run. Tables of deleted stocks stay.
fn publish(store: &mut Store, run: BTreeMap<i64, IndexTable>) {
    store.index.tables.extend(run);
    indexer::set_state(store, INVENTORY, IndexState::Valid);
}

/// Replaces the rows of the given folded SKUs, and of the products that they make up, in one table.
fn refresh_stock(store: &mut Store, stock_id: i64, skus: &BTreeSet<String>) {
    if !store.index.tables.contains_key(&stock_id) {
        return;
    }
    let composed = store.catalogue.composites().filter(|product| {
        let mut children = store.catalogue.children(product);
        children.any(|child| skus.contains(&fold(&child.sku)))
    });
    let skus: BTreeSet<String> = composed
        .map(|product| fold(&product.sku))
        .chain(skus.iter().cloned())
        .collect();
    let fresh = rows::of(store, stock_id);
    if let Some(table) = store.index.tables.get_mut(&stock_id) {
        table.retain(|sku, _| !skus.contains(&fold(sku)));
        table.extend(fresh.into_iter().filter(|(sku, _)| skus.contains(&fold(sku))));
    }
}
