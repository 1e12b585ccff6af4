//! Another actor, who writes links of the same shop.

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use crate::database::collation::{fold, same};
use crate::database::store::{DEFAULT_SOURCE, DEFAULT_STOCK, Link, Store};
use crate::http::request::Request;
use crate::log::{Actor, Logged, links_named_by, update_links};
use crate::services::links;
use crate::state::State;
use crate::webapi::arguments::Arguments;

/// A link as another actor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignLink {
    /// The stock.
    pub stock_id: i64,
    /// The source.
    pub source_code: String,
    /// Priority, 1 to 65535; without one the link is deleted.
    #[serde(default)]
    pub priority: Option<i64>,
}

/// Chooses a random write; `None` if the shop has no link to write.
///
/// With `must_shift` it creates or deletes a link, since only that shifts the pages of a list.
pub fn choose(store: &Store, rng: &mut Rng, must_shift: bool) -> Option<ForeignLink> {
    let is_free = |link: &&Link| link.stock_id != DEFAULT_STOCK && !same(&link.source_code, DEFAULT_SOURCE);
    let existing: Vec<&Link> = store.links.iter().filter(is_free).collect();
    let priority = Some(rng.i64(1..=20));
    let chosen = rng.choice(&existing).map(|link| ForeignLink {
        stock_id: link.stock_id,
        source_code: link.source_code.clone(),
        priority: None,
    });
    match rng.u8(0..3) {
        0 => chosen,
        1 if !must_shift => chosen.map(|link| ForeignLink { priority, ..link }),
        _ => {
            let (stock_id, source_code) = rng.choice(missing(store))?;
            Some(ForeignLink {
                stock_id,
                source_code,
                priority,
            })
        }
    }
}

/// Lists the links that could be created.
fn missing(store: &Store) -> Vec<(i64, String)> {
    let stands = |stock_id: i64, code: &str| {
        let mut links = store.links.iter();
        links.any(|link| link.stock_id == stock_id && same(&link.source_code, code))
    };
    let stocks = store
        .stocks
        .iter()
        .filter(|stock| stock.stock_id != DEFAULT_STOCK);
    let pairs = stocks.flat_map(|stock| {
        let sources = store.sources.iter();
        sources.map(|source| (stock.stock_id, source.source_code.clone()))
    });
    pairs
        .filter(|(stock_id, code)| fold(code) != fold(DEFAULT_SOURCE) && !stands(*stock_id, code))
        .collect()
}

/// Writes a link as the other actor, and gives the entry for the log.
pub fn write(state: &mut State, link: &ForeignLink) -> Logged {
    let (path, service): (_, fn(&mut State, &mut Arguments) -> _) = match link.priority {
        Some(_) => ("/rest/V1/inventory/stock-source-links", links::save),
        None => ("/rest/V1/inventory/stock-source-links-delete", links::delete),
    };
    let sent =
        json!([{ "stock_id": link.stock_id, "source_code": link.source_code, "priority": link.priority }]);
    let request = Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        body: json!({ "links": sent }).to_string().into_bytes(),
        ..Request::default()
    };
    let mut links = links_named_by(&request, &state.store);
    let done = service(
        state,
        &mut Arguments::new(Map::from_iter([("links".to_owned(), sent)])),
    );
    update_links(&mut links, &state.store);
    Logged {
        actor: Actor::Foreign,
        method: request.method,
        path: request.path,
        status: if done.is_ok() { 200 } else { 400 },
        committed: done.is_ok(),
        links,
        ..Logged::default()
    }
}
