//! Fields that an object does not have: a fault until 2.4.6, named since.

use commerce_sandbox::Profile;
use serde_json::json;

use super::{CLI, demo, read};

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

#[test]
fn an_unknown_field_is_a_fault_until_it_is_named() {
    for profile in Profile::ALL
        .into_iter()
        .filter(|profile| *profile != Profile::Saas)
    {
        let mut shop = demo(profile);
        let link = json!({ "stock_id": 2, "source_code": "hq", "priority": 7, "link_id": 1 });
        let answer = shop.send("admin", "POST", LINKS, Some(&json!({ "links": [link] })));
        let (status, body) = read(&answer);
        if profile < Profile::V2_4_7 {
            assert_eq!(status, 500, "{profile}");
        } else {
            let refusal = json!({
                "message": "\"%fieldName\" is not supported. Correct the field name and try again.",
                "parameters": { "fieldName": "LinkId" },
            });
            assert_eq!((status, body), (400, refusal), "{profile}");
        }
    }
}

#[test]
fn an_unknown_field_of_criteria_is_treated_alike() {
    let mut shop = demo(Profile::V2_4_1);
    let path = format!("{LINKS}?searchCriteria[pageSize]=1&searchCriteria[colour]=red");
    assert_eq!(shop.send(CLI, "GET", &path, None).status, 500);
    let mut shop = demo(Profile::V2_4_7);
    let (status, body) = read(&shop.send("admin", "GET", &path, None));
    assert_eq!(
        (status, &body["parameters"]),
        (400, &json!({ "fieldName": "Colour" }))
    );
}
