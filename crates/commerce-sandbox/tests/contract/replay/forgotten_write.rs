//! The forgotten write over real HTTP: a link deleted while an index run is open stays in an index that calls itself valid.

use commerce_sandbox::{Options, Profile};
use serde_json::{Value, json};

use super::recording::Recording;
use testkit::shop::Shop;

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

fn shop() -> Shop {
    let recording = Recording::read(Profile::V2_4_1, "07c_save_during_reindex_is_forgotten");
    let options = Options {
        profile: Profile::V2_4_1,
        ..Options::default()
    };
    let mut shop = recording.shop(options);
    let product = json!({ "product": { "sku": "SKU-1" } });
    send(&mut shop, "/rest/V1/products", &product);
    let items = json!({ "sourceItems": [
        { "sku": "SKU-1", "source_code": "ne_wh", "quantity": 10, "status": 1 },
        { "sku": "SKU-1", "source_code": "west_wh", "quantity": 20, "status": 1 },
    ] });
    send(&mut shop, "/rest/V1/inventory/source-items", &items);
    send(
        &mut shop,
        LINKS,
        &json!({ "links": [link("ne_wh", 1), link("west_wh", 2)] }),
    );
    magento(&mut shop, "indexer:reindex inventory");
    shop
}

fn link(source_code: &str, priority: i64) -> Value {
    json!({ "stock_id": 2, "source_code": source_code, "priority": priority })
}

fn send(shop: &mut Shop, path: &str, body: &Value) {
    let answer = shop.send("admin", "POST", path, Some(body));
    assert_eq!(
        answer.status,
        200,
        "{path}: {}",
        String::from_utf8_lossy(&answer.body)
    );
}

fn magento(shop: &mut Shop, command: &str) -> String {
    let argv: Vec<&str> = command.split(' ').collect();
    let output = shop.control("magento", &json!({ "argv": argv }));
    assert_eq!(output["exit_code"], 0, "{command}: {output}");
    output["stdout"]
        .as_str()
        .expect("a command prints text")
        .to_owned()
}

fn quantity(shop: &mut Shop) -> Value {
    let answer = shop.send(
        "admin",
        "GET",
        "/rest/V1/inventory/get-product-salable-quantity/SKU-1/2",
        None,
    );
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).expect("a quantity is JSON")
}

fn is_ready(shop: &mut Shop) -> bool {
    magento(shop, "indexer:status inventory").contains("| Ready ")
}

#[test]
fn a_link_deleted_during_a_run_stays_in_the_index_until_the_next_full_one() {
    let mut shop = shop();
    assert_eq!(quantity(&mut shop), 30);

    shop.control("index/begin", &json!({}));
    send(
        &mut shop,
        &format!("{LINKS}-delete"),
        &json!({ "links": [link("west_wh", 2)] }),
    );
    assert!(magento(&mut shop, "indexer:status inventory").contains("| Processing "));
    let skipped = magento(&mut shop, "indexer:reindex inventory");
    assert!(
        skipped.starts_with("exception: Inventory index is locked"),
        "{skipped}"
    );
    shop.control("index/finish", &json!({}));
    assert!(is_ready(&mut shop));
    assert_eq!(quantity(&mut shop), 30);

    magento(&mut shop, "cron:run --group=index");
    assert!(is_ready(&mut shop));
    assert_eq!(quantity(&mut shop), 30);

    magento(&mut shop, "indexer:reindex inventory");
    assert!(is_ready(&mut shop));
    assert_eq!(quantity(&mut shop), 10);
}

#[test]
fn a_link_deleted_before_a_run_is_seen_by_cron() {
    let mut shop = shop();
    send(
        &mut shop,
        &format!("{LINKS}-delete"),
        &json!({ "links": [link("west_wh", 2)] }),
    );
    assert!(!is_ready(&mut shop));
    assert_eq!(quantity(&mut shop), 30);
    magento(&mut shop, "cron:run --group=index");
    assert!(is_ready(&mut shop));
    assert_eq!(quantity(&mut shop), 10);
}
