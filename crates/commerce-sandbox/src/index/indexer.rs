//! The eleven indexers of the shop: names, order, dependents, and states.

use crate::database::store::{IndexState, Indexer, Store};
use crate::generation::Generation;

/// Id of the inventory indexer.
pub const INVENTORY: &str = "inventory";

/// Id and title of an indexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexerInfo {
    /// Id, for the command line.
    pub id: &'static str,
    /// Title, as printed.
    pub title: &'static str,
}

/// All indexers, in the order of a full reindex.
pub const ALL: [IndexerInfo; 11] = [
    declared("design_config_grid", "Design Config Grid"),
    declared("customer_grid", "Customer Grid"),
    declared("catalog_category_product", "Category Products"),
    declared("catalog_product_category", "Product Categories"),
    declared("catalogrule_rule", "Catalog Rule Product"),
    declared("catalog_product_attribute", "Product EAV"),
    declared("cataloginventory_stock", "Stock"),
    declared(INVENTORY, "Inventory"),
    declared("catalogrule_product", "Catalog Product Rule"),
    declared("catalog_product_price", "Product Price"),
    declared("catalogsearch_fulltext", "Catalog Search"),
];

const fn declared(id: &'static str, title: &'static str) -> IndexerInfo {
    IndexerInfo { id, title }
}

/// Gives the indexers that run after every run of the named one.
pub fn dependents(generation: &Generation, id: &str) -> &'static [&'static str] {
    match id {
        INVENTORY => generation.run_after_inventory,
        "catalog_product_price" => &["catalogsearch_fulltext"],
        _ => &[],
    }
}

/// Gives the state of an indexer's index. Without an entry it is valid.
pub fn state(store: &Store, id: &str) -> IndexState {
    store
        .index
        .indexers
        .get(id)
        .map_or(IndexState::Valid, |indexer| indexer.state)
}

/// Sets the state of an indexer's index.
pub fn set_state(store: &mut Store, id: &str, state: IndexState) {
    entry(store, id).state = state;
}

/// Gives the entry of an indexer, and creates it if there is none.
pub fn entry<'a>(store: &'a mut Store, id: &str) -> &'a mut Indexer {
    store.index.indexers.entry(id.to_owned()).or_default()
}

/// Tells whether an indexer is set to "Update by Schedule".
pub fn scheduled(store: &Store, id: &str) -> bool {
    store
        .index
        .indexers
        .get(id)
        .is_some_and(|indexer| indexer.scheduled)
}
