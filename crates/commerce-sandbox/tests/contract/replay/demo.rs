//! The demo shop over real HTTP: drifted at first, and selling what its files promise once links and index are right.

use serde_json::{Value, json};

use testkit::shop::Shop;

/// The topology of the project's `inventory.yaml`.
const WANTED: [(i64, &[&str]); 2] = [
    (
        2,
        &[
            "ne_wh",
            "west_wh",
            "brooklyn",
            "manhattan",
            "huntington",
            "berkeley",
            "sausalito",
            "hq",
        ],
    ),
    (3, &["leipzig", "berlin", "frankfurt", "hq"]),
];

/// What is salable in stocks 2 and 3 before and after.
const QUANTITIES: [(&str, [i64; 2], [i64; 2]); 7] = [
    ("alpine-jacket", [17, 10], [42, 29]),
    ("trail-boot", [0, 9], [18, 0]),
    ("canvas-tent", [40, 0], [0, 11]),
    ("head-lamp", [19, 14], [19, 14]),
    ("rain-poncho", [4, 1], [4, 1]),
    ("sleeping-bag", [-1, 5], [-1, 5]),
    ("gift-wrap", [1, 1], [1, 1]),
];

const CLI: &str = "stocktake";

fn get(shop: &mut Shop, path: &str) -> Value {
    let answer = shop.send(CLI, "GET", &format!("/rest/V1/inventory/{path}"), None);
    assert_eq!(
        answer.status,
        200,
        "{path}: {}",
        String::from_utf8_lossy(&answer.body)
    );
    serde_json::from_slice(&answer.body).expect("an answer is JSON")
}

fn post(shop: &mut Shop, path: &str, links: &[Value]) {
    let body = json!({ "links": links });
    let answer = shop.send(CLI, "POST", &format!("/rest/V1/inventory/{path}"), Some(&body));
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, b"[]".as_slice()),
        "{path}"
    );
}

fn quantities(shop: &mut Shop, sku: &str) -> [Value; 2] {
    [2, 3].map(|stock| get(shop, &format!("get-product-salable-quantity/{sku}/{stock}")))
}

/// Gives the live links of a stock as source and priority.
fn links(shop: &mut Shop, stock: i64) -> Vec<(String, i64)> {
    let list = get(shop, "stock-source-links?searchCriteria=");
    let rows = list["items"].as_array().expect("the list has items").iter();
    let of_stock = rows.filter(|row| row["stock_id"] == stock);
    let pair = |row: &Value| Some((row["source_code"].as_str()?.to_owned(), row["priority"].as_i64()?));
    of_stock
        .map(|row| pair(row).expect("a link has a source and a priority"))
        .collect()
}

#[test]
fn every_kind_of_drift_is_there_and_no_default_guard_is_in_the_way() {
    let mut shop = Shop::demo();
    let (mut missing, mut deletes, mut ties, mut moved) = (0, 0, 0, 0);
    for (stock, wanted) in WANTED {
        let live = links(&mut shop, stock);
        let unwanted = live
            .iter()
            .filter(|(code, _)| !wanted.contains(&code.as_str()))
            .count();
        missing += wanted
            .iter()
            .filter(|code| live.iter().all(|(known, _)| known != *code))
            .count();
        let at = |code: &&str| {
            live.iter()
                .find(|(known, _)| known == code)
                .map(|(_, priority)| *priority)
        };
        let order: Vec<i64> = wanted.iter().filter_map(at).collect();
        ties += order.windows(2).filter(|pair| pair[0] == pair[1]).count();
        moved += order.windows(2).filter(|pair| pair[0] > pair[1]).count();
        deletes += unwanted;
        assert!(unwanted < 2, "the share of deletes is judged from two up");
        assert!(live.len() > unwanted, "no stock is emptied");
    }
    assert!(missing >= 1 && (1..=10).contains(&deletes) && ties >= 1 && moved >= 1);
    assert!(
        !links(&mut shop, 4).is_empty(),
        "a stock that no file owns has links too"
    );
}

#[test]
fn thresholds_backorders_and_unmanaged_stock_show_where_a_real_shop_shows_them() {
    let mut shop = Shop::demo();
    let dump = get(&mut shop, "dump-stock-index-data/website/us_site");
    let export = get(
        &mut shop,
        "export-stock-salable-qty/website/us_site?searchCriteria[pageSize]=100",
    );
    let row = |rows: &Value, sku: &str| {
        let mut rows = rows.as_array().expect("a list").iter();
        rows.find(|row| row["sku"] == sku)
            .expect("a row of the SKU")
            .clone()
    };
    for (sku, in_index, exported) in [
        ("rain-poncho", 9, 4),
        ("sleeping-bag", 2, -1),
        ("gift-wrap", 0, 0),
    ] {
        let shown = |quantity: i64| json!({ "sku": sku, "qty": quantity, "is_salable": true });
        assert_eq!(
            row(&dump, sku),
            shown(in_index),
            "the index has no threshold and no reservation"
        );
        assert_eq!(row(&export["items"], sku), shown(exported));
    }
}

#[test]
fn the_right_links_and_a_reindex_change_what_is_salable() {
    let mut shop = Shop::demo();
    for (sku, before, _) in QUANTITIES {
        assert_eq!(quantities(&mut shop, sku), before.map(Value::from), "{sku}");
    }
    for (stock, wanted) in WANTED {
        let live = links(&mut shop, stock);
        let upserts: Vec<Value> = (1..)
            .zip(wanted)
            .map(|(priority, code)| json!({ "stock_id": stock, "source_code": code, "priority": priority }))
            .collect();
        post(&mut shop, "stock-source-links", &upserts);
        let unwanted = live.iter().filter(|(code, _)| !wanted.contains(&code.as_str()));
        let deletes: Vec<Value> = unwanted
            .map(|(code, _)| json!({ "stock_id": stock, "source_code": code }))
            .collect();
        post(&mut shop, "stock-source-links-delete", &deletes);
    }
    assert_eq!(
        quantities(&mut shop, "alpine-jacket"),
        [17, 10].map(Value::from),
        "stale until a reindex"
    );
    shop.control("magento", &json!({ "argv": ["indexer:reindex", "inventory"] }));
    for (sku, _, after) in QUANTITIES {
        assert_eq!(quantities(&mut shop, sku), after.map(Value::from), "{sku}");
    }
}
