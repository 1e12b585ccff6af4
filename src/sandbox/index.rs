//! The inventory index as it really is: a snapshot that goes stale at a write and forgets one that lands during a run.

use std::collections::{BTreeMap, BTreeSet};

use super::collation::{fold, same};
use super::indexer::{self, INVENTORY};
use super::store::{DEFAULT_SOURCE, DEFAULT_STOCK, IndexRow, IndexState, IndexTable, SourceItem, Store};

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
    for id in indexer::dependents(INVENTORY) {
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

#[cfg(test)]
mod tests {
    use super::super::source::{Pickup, Source};
    use super::super::store::{Link, Stock};
    use super::*;

    /// Makes a shop with stock 2 linked to two sources that hold 10 and 20 of one SKU, its index valid.
    fn shop() -> Store {
        let mut store = Store {
            sources: ["default", "ne_wh", "west_wh"].map(source).to_vec(),
            stocks: [(1, "Default Stock"), (2, "North America Stock")]
                .map(|(stock_id, name)| Stock {
                    stock_id,
                    name: name.to_owned(),
                })
                .to_vec(),
            links: vec![link(1, 1, "default"), link(2, 2, "NE_WH"), link(3, 2, "west_wh")],
            source_items: vec![item("ne_wh", "A", 10.0, 1), item("west_wh", "a", 20.0, 1)],
            skus: BTreeSet::from(["A".to_owned()]),
            ..Store::default()
        };
        build(&mut store);
        store
    }

    fn source(code: &str) -> Source {
        Source {
            source_code: code.to_owned(),
            name: code.to_owned(),
            email: None,
            contact_name: None,
            enabled: true,
            description: None,
            latitude: None,
            longitude: None,
            country_id: "US".to_owned(),
            region_id: None,
            region: None,
            city: None,
            street: None,
            postcode: "00000".to_owned(),
            phone: None,
            fax: None,
            use_default_carrier_config: true,
            carrier_links: Vec::new(),
            extension_attributes: Pickup::default(),
        }
    }

    fn link(link_id: i64, stock_id: i64, source_code: &str) -> Link {
        Link {
            link_id,
            stock_id,
            source_code: source_code.to_owned(),
            priority: 1,
        }
    }

    fn item(source_code: &str, sku: &str, quantity: f64, status: i64) -> SourceItem {
        SourceItem {
            source_item_id: 1,
            source_code: source_code.to_owned(),
            sku: sku.to_owned(),
            quantity,
            status,
        }
    }

    fn quantity(store: &Store, stock_id: i64) -> Option<f64> {
        row(store, stock_id, "A").unwrap().map(|row| row.quantity)
    }

    fn unlink(store: &mut Store, code: &str) {
        store.links.retain(|link| link.source_code != code);
        invalidate(store);
    }

    #[test]
    fn a_write_leaves_the_rows_stale_until_a_run() {
        let mut store = shop();
        unlink(&mut store, "west_wh");
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
        assert_eq!(
            indexer::state(&store, "catalogsearch_fulltext"),
            IndexState::Invalid
        );
        assert_eq!(quantity(&store, 2), Some(30.0));
        rebuild(&mut store).unwrap();
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
        assert_eq!(quantity(&store, 2), Some(10.0));
    }

    #[test]
    fn a_write_during_a_run_is_forgotten() {
        let mut store = shop();
        begin(&mut store).unwrap();
        assert_eq!(rebuild(&mut store), Err(RunError::Locked));
        unlink(&mut store, "west_wh");
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Working);
        finish(&mut store).unwrap();
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
        assert_eq!(quantity(&store, 2), Some(30.0));
        rebuild(&mut store).unwrap();
        assert_eq!(quantity(&store, 2), Some(10.0));
        assert_eq!(finish(&mut store), Err(RunError::NoRun));
    }

    #[test]
    fn a_run_skips_disabled_sources_and_items_out_of_stock() {
        let mut store = shop();
        store.sources[1].enabled = false;
        store.source_items.push(item("west_wh", "B", 5.0, 0));
        rebuild(&mut store).unwrap();
        assert_eq!(quantity(&store, 2), Some(20.0));
        assert_eq!(
            row(&store, 2, "B").unwrap(),
            Some(IndexRow {
                quantity: 0.0,
                is_salable: false
            })
        );
    }

    #[test]
    fn saving_an_item_refreshes_its_sku_alone_and_not_the_state() {
        let mut store = shop();
        store.source_items.push(item("ne_wh", "B", 5.0, 1));
        build(&mut store);
        store.source_items[2].quantity = 6.0;
        unlink(&mut store, "west_wh");
        store.source_items[0].quantity = 11.0;
        refresh(&mut store, [("ne_wh", "A")]);
        assert_eq!(quantity(&store, 2), Some(11.0));
        assert_eq!(row(&store, 2, "B").unwrap().map(|row| row.quantity), Some(5.0));
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
    }

    #[test]
    fn a_missing_table_fails_the_run_for_every_stock() {
        let mut store = shop();
        store.stocks.push(Stock {
            stock_id: 3,
            name: "Europe Stock".to_owned(),
        });
        unlink(&mut store, "west_wh");
        assert_eq!(rebuild(&mut store), Err(RunError::MissingTable(3)));
        assert_eq!(quantity(&store, 2), Some(30.0));
        assert_eq!(row(&store, 3, "A"), Err(RunError::MissingTable(3)));
        make_table(&mut store, 3);
        assert_eq!(quantity(&store, 3), None);
        rebuild(&mut store).unwrap();
        assert_eq!(quantity(&store, 2), Some(10.0));
    }

    #[test]
    fn the_default_stock_is_read_live() {
        let mut store = shop();
        assert_eq!(quantity(&store, 1), Some(0.0));
        store.source_items.push(item("default", "A", 3.0, 1));
        assert_eq!(quantity(&store, 1), Some(3.0));
        assert_eq!(table(&store, 1).unwrap().len(), 1);
    }
}
