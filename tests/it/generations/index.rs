//! Indexers: who goes stale with the inventory, who runs with it, and when a reindex counts as a success.

use commerce_sandbox::Profile;
use serde_json::{Value, json};

use super::demo;
use testkit::shop::Shop;

fn write(shop: &mut Shop) {
    let link = json!({ "stock_id": 2, "source_code": "hq", "priority": 7 });
    let body = json!({ "links": [link] });
    let answer = shop.send(
        "admin",
        "POST",
        "/rest/V1/inventory/stock-source-links",
        Some(&body),
    );
    assert_eq!(answer.status, 200);
}

fn magento(shop: &mut Shop, command: &str) -> (i64, String) {
    let argv: Vec<&str> = command.split(' ').collect();
    let output = shop.control("magento", &json!({ "argv": argv }));
    let exit_code = output["exit_code"].as_i64().expect("an exit code");
    (
        exit_code,
        output["stdout"].as_str().expect("an output").to_owned(),
    )
}

/// Gives the ids of the indexers that want to be run.
fn stale(shop: &mut Shop) -> Vec<String> {
    let (_, table) = magento(shop, "indexer:status");
    let rows = table.lines().filter(|line| line.contains("Reindex required"));
    let id = |row: &str| row.split('|').nth(1).expect("a first column").trim().to_owned();
    let mut stale: Vec<String> = rows.map(id).collect();
    stale.sort();
    stale
}

#[test]
fn a_write_and_a_reindex_leave_the_states_that_were_recorded() {
    let recording = include_str!(
        "../../../crates/commerce-sandbox/contract/2.4.1/recordings/11b_search_engine_and_queue_down.json"
    );
    let recording: Value = serde_json::from_str(recording).expect("a recording is JSON");
    let steps = recording["steps"].as_array().expect("steps");
    let step = steps
        .iter()
        .find(|step| step["id"] == "11b-006")
        .expect("the step");
    let mut shop = demo(Profile::V2_4_1);
    write(&mut shop);
    magento(&mut shop, "indexer:reindex inventory");
    assert_eq!(magento(&mut shop, "indexer:status").1, step["output"]["stdout"]);
}

#[test]
fn until_2_4_7_other_indexes_go_stale_and_two_run_along() {
    for profile in [Profile::V2_4_1, Profile::V2_4_3, Profile::V2_4_4, Profile::V2_4_7] {
        let mut shop = demo(profile);
        write(&mut shop);
        assert_eq!(
            stale(&mut shop),
            [
                "catalog_category_product",
                "catalog_product_price",
                "cataloginventory_stock",
                "catalogrule_rule",
                "catalogsearch_fulltext",
                "inventory"
            ],
            "{profile}"
        );
        let (_, stdout) = magento(&mut shop, "indexer:reindex inventory");
        assert_eq!(stdout.lines().count(), 3, "{profile}");
    }
}

#[test]
fn since_2_4_8_the_inventory_stands_alone() {
    let mut shop = demo(Profile::V2_4_8);
    write(&mut shop);
    assert_eq!(stale(&mut shop), ["inventory"]);
    let (_, stdout) = magento(&mut shop, "indexer:reindex inventory");
    assert_eq!(
        stdout,
        "Inventory index has been rebuilt successfully in 00:00:00\n"
    );
    assert_eq!(stale(&mut shop), [""; 0]);
}

#[test]
fn a_skipped_indexer_fails_a_reindex_since_2_4_3() {
    for profile in Profile::ALL
        .into_iter()
        .filter(|profile| *profile != Profile::Saas)
    {
        let mut shop = demo(profile);
        shop.control("index/begin", &Value::Null);
        let (exit_code, stdout) = magento(&mut shop, "indexer:reindex inventory catalog_product_price");
        assert!(stdout.contains("Inventory index is locked by another reindex process. Skipping."));
        assert!(stdout.contains("Product Price index has been rebuilt successfully"));
        assert_eq!(exit_code, i64::from(profile != Profile::V2_4_1), "{profile}");
    }
}
