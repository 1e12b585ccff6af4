//! The log: who did what to a shop, how it ended, and which links a write named, before and after.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

use crate::database::collation::fold;
use crate::database::store::Store;
use crate::http::request::Request;

/// Number of entries that the log keeps; older ones are dropped.
const LOG_LENGTH: usize = 100_000;

/// Who did something to the shop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The client: whoever sent the request.
    #[default]
    Client,
    /// Another writer, played by the sandbox.
    Foreign,
    /// The operator, by `bin/magento` or a control route.
    Operator,
}

/// One entry of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Place in the log, from 1.
    pub order: u64,
    /// Number of the request by arrival, from 1; `None` for an entry that is no request.
    pub request: Option<u64>,
    /// Who did it.
    pub actor: Actor,
    /// Method as sent.
    pub method: String,
    /// Path as sent; for `bin/magento`, the command.
    pub path: String,
    /// Query as sent.
    pub query: String,
    /// Status of the answer, even if its body was cut off; 0 if there was no answer.
    pub status: u16,
    /// True if it was carried out and could change something, whatever the answer said.
    pub committed: bool,
    /// The links that a write of links names, before and after.
    pub links: Vec<LinkSeen>,
    /// Names of the faults that were injected.
    pub faults: Vec<&'static str>,
}

/// A link before and after a write that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkSeen {
    /// The stock.
    pub stock_id: i64,
    /// The source, as the write spells it.
    pub source_code: String,
    /// Priority before the write; `None` if there was no such link.
    pub before: Option<i64>,
    /// Priority after the write; `None` if there is no such link.
    pub after: Option<i64>,
}

/// The newest entries, and the number of all.
#[derive(Debug, Default)]
pub struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    newest: VecDeque<Logged>,
    count: u64,
}

impl Log {
    /// Gives the entries, oldest first.
    pub fn entries(&self) -> Vec<Logged> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.newest.iter().cloned().collect()
    }

    /// Adds an entry and numbers it.
    pub fn record(&self, mut logged: Logged) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.count += 1;
        logged.order = entries.count;
        if entries.newest.len() == LOG_LENGTH {
            entries.newest.pop_front();
        }
        entries.newest.push_back(logged);
    }
}

/// Tells whether a request writes links.
pub fn writes_links(request: &Request) -> bool {
    let name = request.path.trim_end_matches('/').rsplit('/').next();
    request.method == "POST" && matches!(name, Some("stock-source-links" | "stock-source-links-delete"))
}

/// Gives the links that a write names, with their present priorities.
pub fn links_named_by(request: &Request, store: &Store) -> Vec<LinkSeen> {
    if !writes_links(request) {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let links = body["links"].as_array().cloned().unwrap_or_default();
    let mut named: Vec<LinkSeen> = links.iter().filter_map(link).collect();
    let priorities = priorities(store);
    for link in &mut named {
        link.before = priorities.get(&link.key()).copied();
        link.after = link.before;
    }
    named
}

/// Sets the priorities after the write to the present ones.
pub fn update_links(links: &mut [LinkSeen], store: &Store) {
    if links.is_empty() {
        return;
    }
    let priorities = priorities(store);
    for link in links {
        link.after = priorities.get(&link.key()).copied();
    }
}

fn priorities(store: &Store) -> HashMap<(i64, String), i64> {
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
