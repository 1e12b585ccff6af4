//! A batch that the shop refuses for some of its links: they are found by halving and named; the rest is written, and
//! what comes after that batch only when asked.

mod halving;
mod refused_links;

use serde_json::Value;

use testkit::engine_fixture::EngineFixture;
use testkit::proxy::{Action, Canned, Proxy, Request};

const MASKED: &str = r#"{"message":"Could not save StockSourceLinks"}"#;

const INVALID: &str = r#"{"message":"Validation Failed","errors":[{"message":"\"%field\" can not be empty.","parameters":{"field":"source_code"}}]}"#;

/// The sources that a write names.
fn sources(asked: &Request) -> Vec<String> {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let links = body["links"].as_array().cloned().unwrap_or_default();
    links
        .iter()
        .filter_map(|link| link["source_code"].as_str().map(ToOwned::to_owned))
        .collect()
}

fn is_delete(asked: &Request) -> bool {
    asked.path.ends_with("stock-source-links-delete")
}

fn is_save(asked: &Request) -> bool {
    asked.method == "POST" && asked.path.ends_with("stock-source-links")
}

/// A shop that refuses each save in which one of those sources stands.
fn refusing(fixture: &EngineFixture, guilty: &'static [&'static str], body: &'static str) -> Proxy {
    Proxy::before(fixture.address, move |asked| {
        let refused = is_save(asked) && sources(asked).iter().any(|code| guilty.contains(&code.as_str()));
        if refused {
            Action::Answer(Canned::new(400, "application/json", body))
        } else {
            Action::Pass
        }
    })
}

/// The sources of each write that was sent.
fn written(proxy: &Proxy) -> Vec<Vec<String>> {
    let seen = proxy.seen();
    let writes = seen.iter().filter(|asked| is_save(asked) || is_delete(asked));
    writes.map(sources).collect()
}
