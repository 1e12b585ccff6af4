//! The log of what was asked of a shop: who asked, what became of it, which links it named and how they stood.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::database::collation::fold;
use crate::database::store::Store;
use crate::http::request::Request;

/// Who did something to the shop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever sent the request.
    #[default]
    Client,
    /// Somebody else, whom the sandbox plays.
    Foreign,
    /// The shop's own command line.
    Operator,
}

/// One thing that was done or asked, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Its place in the log, from 1.
    pub order: u64,
    /// The number of the request among all requests, by arrival, from 1; none where there was no request.
    pub request: Option<u64>,
    /// Who did it.
    pub actor: Actor,
    /// Method as sent.
    pub method: String,
    /// Path as sent; for the shop's command line what was typed.
    pub path: String,
    /// Query as sent.
    pub query: String,
    /// Status answered, also where the answer was cut off; 0 where nothing was answered.
    pub status: u16,
    /// Whether it was carried out and could change something, whatever was answered.
    pub committed: bool,
    /// The links that a write of links names, before and after.
    pub links: Vec<LinkSeen>,
    /// The faults that were played, by name.
    pub faults: Vec<&'static str>,
}

/// A link as it stood before and after a write that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkSeen {
    /// The stock.
    pub stock_id: i64,
    /// The source, as the write spells it.
    pub source_code: String,
    /// Its priority before; none where there was no such link.
    pub before: Option<i64>,
    /// Its priority after; none where there is no such link.
    pub after: Option<i64>,
}

/// Tells whether a request writes links.
pub fn writes_links(request: &Request) -> bool {
    let name = request.path.trim_end_matches('/').rsplit('/').next();
    request.method == "POST" && matches!(name, Some("stock-source-links" | "stock-source-links-delete"))
}

/// Gives the links that a write names, as they stand now.
pub fn named(request: &Request, store: &Store) -> Vec<LinkSeen> {
    if !writes_links(request) {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let links = body["links"].as_array().cloned().unwrap_or_default();
    let mut named: Vec<LinkSeen> = links.iter().filter_map(link).collect();
    let standing = standing(store);
    for link in &mut named {
        link.before = standing.get(&link.key()).copied();
        link.after = link.before;
    }
    named
}

/// Brings links up to how they stand now.
pub fn look_again(links: &mut [LinkSeen], store: &Store) {
    if links.is_empty() {
        return;
    }
    let standing = standing(store);
    for link in links {
        link.after = standing.get(&link.key()).copied();
    }
}

fn standing(store: &Store) -> HashMap<(i64, String), i64> {
    let links = store.links.iter();
    links
        .map(|link| ((link.stock_id, fold(&link.source_code)), link.priority))
        .collect()
}

fn link(sent: &Value) -> Option<LinkSeen> {
    let id = &sent["stock_id"];
    Some(LinkSeen {
        stock_id: id.as_i64().or_else(|| id.as_str()?.parse().ok())?,
        source_code: sent["source_code"].as_str()?.to_owned(),
        before: None,
        after: None,
    })
}

impl LinkSeen {
    fn key(&self) -> (i64, String) {
        (self.stock_id, fold(&self.source_code))
    }
}
