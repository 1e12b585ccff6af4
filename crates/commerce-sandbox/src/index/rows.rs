//! The rows of the index: what a run writes for each SKU of a stock, and what the default stock shows in their place.

use std::collections::BTreeMap;

use super::holdings::Holdings;
use crate::database::catalogue::Product;
use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_STOCK, IndexRow, IndexTable, Store};

/// Computes the rows of a stock. A SKU has one if an enabled, linked source has an item of it, in stock or not (2.4.8/17-038),
/// and a composite product if one of its children has one.
pub fn of(store: &Store, stock_id: i64) -> IndexTable {
    built(store, stock_id, true)
}

fn built(store: &Store, stock_id: i64, counts_reservations: bool) -> IndexTable {
    let holdings = Holdings::of(store, stock_id, |_| true);
    let mut rows: BTreeMap<String, (String, IndexRow)> = BTreeMap::new();
    for held in holdings.iter().filter(|held| held.is_in_enabled) {
        let mut position = holdings.position(held.sku, store.catalogue.get(held.sku));
        if !counts_reservations {
            position.reserved = 0.0;
        }
        let row = IndexRow {
            quantity: held.quantity,
            is_salable: position.flag(held.quantity),
        };
        rows.insert(fold(held.sku), (held.sku.to_owned(), row));
    }
    for product in store.catalogue.composites() {
        let children = store.catalogue.children(product);
        let children = children.filter_map(|child| rows.get(&fold(&child.sku)));
        if let Some(row) = composed(children.map(|(_, row)| *row)) {
            rows.insert(fold(&product.sku), (product.sku.clone(), row));
        }
    }
    rows.into_values().collect()
}

/// Computes the rows that a full run writes. A composite product whose children have all left keeps its row for one run more
/// (2.4.8/17-198, 16-233) and loses it in the next (2.4.8/17-207).
pub fn of_run(store: &Store, stock_id: i64) -> IndexTable {
    let mut rows = built(store, stock_id, store.generation.run_counts_reservations);
    let Some(before) = store.index.tables.get(&stock_id) else {
        return rows;
    };
    for product in store.catalogue.composites() {
        let had_children = || {
            let mut children = store.catalogue.children(product);
            children.any(|child| find(before, &child.sku).is_some())
        };
        if find(&rows, &product.sku).is_none()
            && let Some(row) = find(before, &product.sku)
            && had_children()
        {
            rows.insert(product.sku.clone(), row);
        }
    }
    rows
}

/// Computes what stands for the rows of the default stock: one for each product that is switched on (2.4.8/17-004).
pub fn of_default_stock(store: &Store) -> IndexTable {
    let holdings = Holdings::of(store, DEFAULT_STOCK, |_| true);
    let products = store.catalogue.iter().filter(|product| !product.is_disabled);
    products
        .map(|product| (product.sku.clone(), default_row(store, &holdings, product)))
        .collect()
}

/// Computes what stands for the row of one SKU in the default stock.
pub fn in_default_stock(store: &Store, sku: &str) -> Option<IndexRow> {
    let product = store.catalogue.get(sku).filter(|product| !product.is_disabled)?;
    let wanted = |sku: &str| {
        let mut children = store.catalogue.children(product);
        same(sku, &product.sku) || children.any(|child| same(sku, &child.sku))
    };
    let holdings = Holdings::of(store, DEFAULT_STOCK, wanted);
    Some(default_row(store, &holdings, product))
}

/// Finds the row of a SKU, however it is spelled.
pub fn find(table: &IndexTable, sku: &str) -> Option<IndexRow> {
    let exact = table.get(sku);
    let found = exact.or_else(|| table.iter().find(|(key, _)| same(key, sku)).map(|(_, row)| row));
    found.copied()
}

/// The flag is the product's own "in stock", whatever is reserved (2.4.8/17-004: `MIN-5`).
fn default_row(store: &Store, holdings: &Holdings<'_>, product: &Product) -> IndexRow {
    if product.is_composite {
        let children = store.catalogue.children(product);
        let row = composed(children.map(|child| default_row(store, holdings, child)));
        return row.unwrap_or_default();
    }
    let quantity = holdings.held(&product.sku).map_or(0.0, |held| held.quantity);
    let is_managed = product.options(store.item_options).manage_stock;
    IndexRow {
        quantity,
        is_salable: !is_managed || product.stock.is_in_stock.unwrap_or(quantity > 0.0),
    }
}

/// Computes the row of a composite product from those of its children; `None` without any (2.4.8/17-038: `CONF`).
fn composed(children: impl Iterator<Item = IndexRow>) -> Option<IndexRow> {
    children.reduce(|sum, child| IndexRow {
        quantity: sum.quantity + child.quantity,
        is_salable: sum.is_salable || child.is_salable,
    })
}
