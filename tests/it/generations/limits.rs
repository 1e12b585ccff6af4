//! Limits on items and pages: hard in 2.4.3, a setting elsewhere.

use commerce_sandbox::{Options, Profile};
use serde_json::{Value, json};

use super::{demo, read};
use testkit::shop::Shop;

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

fn limited(profile: Profile) -> Shop {
    Shop::demo_with(Options {
        profile,
        input_limits: true,
        ..Options::default()
    })
}

/// Gives the answer to a save of so many links, all of them the same.
fn save(shop: &mut Shop, count: usize) -> (u16, Value) {
    let link = json!({ "stock_id": 2, "source_code": "hq", "priority": 7 });
    let body = json!({ "links": vec![link; count] });
    read(&shop.send("admin", "POST", LINKS, Some(&body)))
}

fn list(shop: &mut Shop, query: &str) -> (u16, Value) {
    read(&shop.send("admin", "GET", &format!("{LINKS}?{query}"), None))
}

fn too_many(max: usize) -> (u16, Value) {
    let class = "\\Magento\\InventoryApi\\Api\\Data\\StockSourceLinkInterface";
    let parameters = json!({ "type": class, "max": max });
    let message = "Maximum items of type \"%type\" is %max";
    (400, json!({ "message": message, "parameters": parameters }))
}

fn too_large(max: usize) -> (u16, Value) {
    let message = "Maximum SearchCriteria pageSize is %max";
    (400, json!({ "message": message, "parameters": { "max": max } }))
}

#[test]
fn more_than_twenty_items_are_too_many_for_2_4_3() {
    let mut shop = demo(Profile::V2_4_3);
    assert_eq!(save(&mut shop, 20), (200, json!([])));
    assert_eq!(save(&mut shop, 21), too_many(20));
    let path = "/rest/V1/inventory/stock-source-links-delete";
    let link = json!({ "stock_id": 2, "source_code": "hq" });
    let body = json!({ "links": vec![link; 21] });
    assert_eq!(read(&shop.send("admin", "POST", path, Some(&body))), too_many(20));
}

#[test]
fn a_page_of_more_than_300_is_too_large_for_2_4_3() {
    let mut shop = demo(Profile::V2_4_3);
    assert_eq!(list(&mut shop, "searchCriteria[pageSize]=300").0, 200);
    assert_eq!(list(&mut shop, "searchCriteria[pageSize]=301"), too_large(300));
    // The shop looks for the other spelling only.
    assert_eq!(list(&mut shop, "searchCriteria[page_size]=301").0, 200);
}

#[test]
fn in_2_4_3_criteria_without_a_page_ask_for_one_of_twenty() {
    let mut shop = demo(Profile::V2_4_3);
    let sources: Vec<Value> = (0..30)
        .map(|n| json!({ "source_code": format!("s{n}"), "name": format!("S{n}"), "country_id": "US", "postcode": "1" }))
        .collect();
    for source in sources {
        let body = json!({ "source": source });
        assert_eq!(
            shop.send("admin", "POST", "/rest/V1/inventory/sources", Some(&body))
                .status,
            200
        );
    }
    let mut count = |query: &str| {
        let (_, body) = read(&shop.send(
            "admin",
            "GET",
            &format!("/rest/V1/inventory/sources{query}"),
            None,
        ));
        (
            body["items"].as_array().map(Vec::len),
            body["search_criteria"]["page_size"].clone(),
        )
    };
    assert_eq!(count("?searchCriteria[currentPage]=1"), (Some(20), json!(20)));
    let (all, size) = count("");
    assert!(all > Some(30) && size.is_null());
    assert_eq!(count("?searchCriteria[pageSize]=0"), (all, json!(0)));
}

#[test]
fn elsewhere_there_is_no_limit_unless_it_is_asked_for() {
    for profile in [Profile::V2_4_1, Profile::V2_4_4, Profile::V2_4_7, Profile::V2_4_8] {
        let mut shop = demo(profile);
        assert_eq!(save(&mut shop, 21).0, 200, "{profile}");
        assert_eq!(
            list(&mut shop, "searchCriteria[pageSize]=301").0,
            200,
            "{profile}"
        );
    }
}

#[test]
fn limits_that_are_asked_for_are_those_of_the_generation() {
    for (profile, items) in [
        (Profile::V2_4_1, 20),
        (Profile::V2_4_4, 20),
        (Profile::V2_4_7, 999_999),
    ] {
        let mut shop = limited(profile);
        let expected = if items == 20 {
            too_many(20)
        } else {
            (200, json!([]))
        };
        assert_eq!(save(&mut shop, 21), expected, "{profile}");
        assert_eq!(
            list(&mut shop, "searchCriteria[pageSize]=301"),
            too_large(300),
            "{profile}"
        );
    }
}

#[test]
fn a_shop_may_have_limits_of_its_own() {
    let mut shop = Shop::demo_with(Options {
        profile: Profile::V2_4_8,
        input_limits: true,
        item_limit: Some(5),
        page_limit: Some(10),
        ..Options::default()
    });
    assert_eq!(save(&mut shop, 6), too_many(5));
    assert_eq!(list(&mut shop, "searchCriteria[pageSize]=11"), too_large(10));
    assert_eq!(list(&mut shop, "searchCriteria[page_size]=11"), too_large(10));
}
