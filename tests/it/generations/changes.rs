//! What has changed between releases in answers to single calls: methods, crashes, names, permissions, unknown SKUs.

use commerce_sandbox::Profile;
use serde_json::{Value, json};

use super::{baseline, demo, read};
use testkit::shop::Shop;

const INVENTORY: &str = "/rest/V1/inventory";
const APOLOGY: &str = "An error has happened during application run. See exception log for details.\n";

/// The profiles of shops that are not in the cloud.
fn shops() -> impl Iterator<Item = Profile> {
    Profile::ALL
        .into_iter()
        .filter(|profile| *profile != Profile::Saas)
}

fn post(shop: &mut Shop, path: &str, body: &Value) -> (u16, Value) {
    read(&shop.send("admin", "POST", &format!("{INVENTORY}/{path}"), Some(body)))
}

/// Gives status, media type and text of the answer to a read.
fn raw(shop: &mut Shop, path: &str) -> (u16, String, String) {
    let answer = shop.send("admin", "GET", &format!("{INVENTORY}/{path}"), None);
    let text = String::from_utf8(answer.body).expect("an answer is text");
    (answer.status, answer.content_type.unwrap_or_default(), text)
}

fn source(code: &str, name: &str) -> Value {
    json!({ "source": { "source_code": code, "name": name, "country_id": "US", "postcode": "1" } })
}

#[test]
fn a_method_that_the_api_does_not_have_is_named_since_2_4_5() {
    for profile in shops() {
        let mut shop = demo(profile);
        let answer = shop.send("admin", "PATCH", &format!("{INVENTORY}/sources"), None);
        let (status, message) = if profile < Profile::V2_4_7 {
            (400, "Request method is invalid.")
        } else {
            (405, "The PATCH HTTP method is not supported.")
        };
        assert_eq!(
            read(&answer),
            (status, json!({ "message": message })),
            "{profile}"
        );
    }
}

#[test]
fn a_crash_is_a_page_until_it_is_an_error_in_2_4_3() {
    for profile in shops() {
        let mut shop = demo(profile);
        let body = json!({ "links": "x" });
        let path = format!("{INVENTORY}/stock-source-links");
        let answer = shop.send("admin", "POST", &path, Some(&body));
        let expected = if profile < Profile::V2_4_3 {
            (200, Some("text/html; charset=UTF-8"))
        } else {
            (500, Some("text/plain;charset=UTF-8"))
        };
        assert_eq!(
            (answer.status, answer.content_type.as_deref()),
            expected,
            "{profile}"
        );
        assert_eq!(answer.body, APOLOGY.as_bytes());
    }
}

#[test]
fn the_name_of_another_source_is_refused_since_2_4_3() {
    for profile in shops() {
        let mut shop = demo(profile);
        assert_eq!(post(&mut shop, "sources", &source("one", "One")).0, 200);
        assert_eq!(
            post(&mut shop, "sources", &source("one", "One")).0,
            200,
            "its own name"
        );
        let expected = if profile < Profile::V2_4_3 {
            (200, json!([]))
        } else {
            (400, json!({ "message": "Could not save Source" }))
        };
        assert_eq!(
            post(&mut shop, "sources", &source("two", "ONE ")),
            expected,
            "{profile}"
        );
    }
}

#[test]
fn a_pickup_location_has_an_address() {
    let mut shop = demo(Profile::V2_4_8);
    let mut wanted = source("pickup", "Pickup");
    wanted["source"]["extension_attributes"] = json!({ "is_pickup_location_active": true });
    let (status, body) = post(&mut shop, "sources", &wanted);
    let errors = body["errors"].as_array().expect("several errors").iter();
    let fields: Value = errors.map(|error| error["parameters"]["field"].clone()).collect();
    assert_eq!((status, fields), (400, json!(["city", "street", "phone"])));
    wanted["source"]["city"] = json!("Albany");
    wanted["source"]["street"] = json!("2 Main St");
    assert_eq!(post(&mut shop, "sources", &wanted).0, 200);
}

#[test]
fn some_calls_have_permissions_of_their_own_since_2_4_4() {
    let selection = "Magento_InventorySourceSelectionApi::source_selection_algorithm";
    let calls = [
        ("GET", "source-selection-algorithm-list", selection.to_owned()),
        (
            "POST",
            "source-selection-algorithm-result",
            format!("{selection}_post"),
        ),
        (
            "POST",
            "source-items",
            "Magento_InventoryApi::stock_source_item_assign".to_owned(),
        ),
        (
            "POST",
            "source-items-delete",
            "Magento_InventoryApi::stock_source_item_assign".to_owned(),
        ),
    ];
    for profile in shops() {
        let mut shop = baseline(profile);
        for (method, path, resource) in &calls {
            let body = (*method == "POST").then(|| json!({}));
            let answer = shop.send(
                "sourceonly",
                method,
                &format!("{INVENTORY}/{path}"),
                body.as_ref(),
            );
            let (status, body) = read(&answer);
            if profile < Profile::V2_4_4 {
                assert_ne!(status, 401, "{profile} {path}");
            } else {
                let named = &body["parameters"]["resources"];
                assert_eq!((status, named), (401, &json!(resource)), "{profile} {path}");
            }
        }
    }
}

#[test]
fn a_sku_that_nobody_knows_is_missing_then_a_crash_then_nothing() {
    for profile in shops() {
        let mut shop = demo(profile);
        let crash = (500, "text/plain;charset=UTF-8".to_owned(), APOLOGY.to_owned());
        let quantity = raw(&mut shop, "get-product-salable-quantity/no-such/2");
        let nowhere = raw(&mut shop, "get-product-salable-quantity/no-such/99");
        let enough = raw(&mut shop, "is-product-salable-for-requested-qty/no-such/2/1");
        match profile {
            Profile::V2_4_1 => assert_eq!((quantity.0, nowhere.0, enough.0), (404, 404, 200)),
            Profile::V2_4_8 => {
                assert_eq!((quantity.0, quantity.2.as_str()), (200, "0"));
                let missing = r#"{"message":"Could not receive Stock Item data"}"#;
                assert_eq!((nowhere.0, nowhere.2.as_str()), (400, missing));
                assert_eq!(enough, crash);
            }
            _ => {
                for answer in [quantity, nowhere, enough] {
                    assert_eq!(answer, crash, "{profile}");
                }
            }
        }
        assert_eq!(raw(&mut shop, "is-product-salable/no-such/2").2, "false");
    }
}

#[test]
fn a_script_is_refused_since_2_4_8() {
    for profile in [Profile::V2_4_7, Profile::V2_4_8] {
        let mut shop = demo(profile);
        let (status, body) = post(&mut shop, "sources", &source("one", "<SCRIPT>x</script>"));
        if profile == Profile::V2_4_8 {
            let message = "\"%field_name\" does not contains valid value.";
            let refusal = json!({ "message": message, "parameters": { "field_name": "name" } });
            assert_eq!((status, body), (400, refusal));
        } else {
            assert_eq!(status, 200);
        }
    }
}
