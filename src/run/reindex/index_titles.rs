//! The ids of the shop's indexes and their titles. Pure.

/// The titles of the indexes in the output (recording 07, `indexer:info`).
const TITLES: [(&str, &str); 14] = [
    ("catalog_category_product", "Category Products"),
    ("catalog_product_attribute", "Product EAV"),
    ("catalog_product_category", "Product Categories"),
    ("catalog_product_price", "Product Price"),
    ("cataloginventory_stock", "Stock"),
    ("catalogrule_product", "Catalog Product Rule"),
    ("catalogrule_rule", "Catalog Rule Product"),
    ("catalogsearch_fulltext", "Catalog Search"),
    ("customer_grid", "Customer Grid"),
    ("design_config_grid", "Design Config Grid"),
    ("inventory", "Inventory"),
    ("sales_order_data_exporter", "Sales Order Feed"),
    ("sales_order_status_data_exporter", "Sales Order Statuses Feed"),
    ("store_data_exporter", "Stores Feed"),
];

/// The title of an index by its id, where it is known.
pub(super) fn title(id: &str) -> Option<&'static str> {
    TITLES
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, title)| *title)
}

/// The command that frees indexes, by title, which a killed run has left held.
pub(super) fn reset_command(titles: &[String]) -> String {
    let id = |title: &String| TITLES.iter().find(|(_, known)| known == title).map(|(id, _)| *id);
    let ids: Option<Vec<&str>> = titles.iter().map(id).collect();
    // Without names it frees all.
    let names = ids.filter(|ids| !ids.is_empty()).unwrap_or_default();
    let words: Vec<&str> = ["bin/magento", "indexer:reset"]
        .into_iter()
        .chain(names)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::reset_command;

    #[test]
    fn held_indexes_are_freed_by_their_ids() {
        let of = |titles: &[&str]| {
            reset_command(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of(&["Inventory"]), "bin/magento indexer:reset inventory");
        assert_eq!(
            of(&["Inventory", "Catalog Search"]),
            "bin/magento indexer:reset inventory catalogsearch_fulltext"
        );
        assert_eq!(of(&["Vendor Feed"]), "bin/magento indexer:reset");
    }
}
