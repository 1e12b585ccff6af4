//! Recording 08: its shop, which was filled by SQL, and its bodies, which the recorder cut.

use serde_json::{Value, json};

/// Sources besides the default one; as many links has a stock.
const SOURCES: usize = 200;
/// Stocks besides the default one.
const STOCKS: usize = 25;
/// Id of the first of them.
const FIRST_STOCK: usize = 10;

/// Gives the baseline with the sources and stocks that were put in.
pub fn seed(baseline: &str) -> String {
    let mut seed: Value = serde_json::from_str(baseline).expect("the seed is JSON");
    let source = |number| {
        json!({
            "source_code": format!("src_{number:03}"), "name": format!("Source {number:03}"), "enabled": true,
            "country_id": "US", "postcode": "00000", "use_default_carrier_config": true, "carrier_links": [],
            "extension_attributes": { "is_pickup_location_active": false, "frontend_name": "" },
        })
    };
    let stock = |id| json!({ "stock_id": id, "name": format!("Stock {id}") });
    let rows = |name: &str| seed[name].as_array().cloned().expect("the seed has a list");
    let (mut sources, mut stocks) = (rows("sources"), rows("stocks"));
    sources.extend((0..SOURCES).map(source));
    stocks.extend((FIRST_STOCK..FIRST_STOCK + STOCKS).map(stock));
    (seed["sources"], seed["stocks"]) = (sources.into(), stocks.into());
    seed.to_string()
}

/// Gives the whole of a body that the recorder cut: its links are counted through, as the head shows and the length proves.
pub fn whole(cut: &Value) -> String {
    let head = cut["head"].as_str().expect("a cut body has a head");
    let length = cut["_chars"].as_u64().expect("a cut body has a length");
    let links =
        (FIRST_STOCK..FIRST_STOCK + STOCKS).flat_map(|stock| (0..SOURCES).map(move |at| link(stock, at)));
    let mut body = r#"{"links": ["#.to_owned();
    for link in links.cycle() {
        body.push_str(&link);
        if body.len() as u64 + 2 >= length {
            break;
        }
        body.push_str(", ");
    }
    body.push_str("]}");
    assert!(
        body.starts_with(head) && body.len() as u64 == length,
        "a body of {length} characters: {head}"
    );
    body
}

fn link(stock: usize, at: usize) -> String {
    let priority = at + 1;
    format!(r#"{{"source_code": "src_{at:03}", "stock_id": {stock}, "priority": {priority}}}"#)
}
