//! The indexers of the shop: names, order, dependents, and states.

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

/// The indexers of 2.4.1, in the order of a full reindex.
pub const UNTIL_2_4_6: [IndexerInfo; 11] = [
    DESIGN,
    CUSTOMERS,
    CATEGORY_PRODUCTS,
    PRODUCT_CATEGORIES,
    CATALOG_RULES,
    ATTRIBUTES,
    STOCK,
    declared(INVENTORY, "Inventory"),
    PRODUCT_RULES,
    PRICE,
    SEARCH,
];

/// The indexers of 2.4.7 (2.4.7/07-224): feeds for services of Adobe come last.
pub const OF_2_4_7: [IndexerInfo; 14] = [
    DESIGN,
    CUSTOMERS,
    CATEGORY_PRODUCTS,
    PRODUCT_CATEGORIES,
    CATALOG_RULES,
    ATTRIBUTES,
    STOCK,
    declared(INVENTORY, "Inventory"),
    PRODUCT_RULES,
    PRICE,
    SEARCH,
    ORDERS,
    ORDER_STATUSES,
    STORES,
];

/// The indexers of 2.4.8 (2.4.8/07-224): the same in another order.
pub const SINCE_2_4_8: [IndexerInfo; 14] = [
    STOCK,
    DESIGN,
    CUSTOMERS,
    CATEGORY_PRODUCTS,
    PRODUCT_CATEGORIES,
    CATALOG_RULES,
    ATTRIBUTES,
    declared(INVENTORY, "Inventory"),
    PRICE,
    PRODUCT_RULES,
    SEARCH,
    ORDERS,
    ORDER_STATUSES,
    STORES,
];

const DESIGN: IndexerInfo = declared("design_config_grid", "Design Config Grid");
const CUSTOMERS: IndexerInfo = declared("customer_grid", "Customer Grid");
const CATEGORY_PRODUCTS: IndexerInfo = declared("catalog_category_product", "Category Products");
const PRODUCT_CATEGORIES: IndexerInfo = declared("catalog_product_category", "Product Categories");
const CATALOG_RULES: IndexerInfo = declared("catalogrule_rule", "Catalog Rule Product");
const ATTRIBUTES: IndexerInfo = declared("catalog_product_attribute", "Product EAV");
const STOCK: IndexerInfo = declared("cataloginventory_stock", "Stock");
const PRODUCT_RULES: IndexerInfo = declared("catalogrule_product", "Catalog Product Rule");
const PRICE: IndexerInfo = declared("catalog_product_price", "Product Price");
const SEARCH: IndexerInfo = declared("catalogsearch_fulltext", "Catalog Search");
const ORDERS: IndexerInfo = declared("sales_order_data_exporter", "Sales Order Feed");
const ORDER_STATUSES: IndexerInfo = declared("sales_order_status_data_exporter", "Sales Order Statuses Feed");
const STORES: IndexerInfo = declared("store_data_exporter", "Stores Feed");

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
