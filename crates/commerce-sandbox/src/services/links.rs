//! Stock-source links: list, save, delete.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::database::collation::{fold, stored};
use crate::database::store::{DEFAULT_SOURCE, DEFAULT_STOCK, Link, Store};
use crate::index;
use crate::state::State;
use crate::webapi::api_error::{ApiError, Detail};
use crate::webapi::arguments::Arguments;
use crate::webapi::criteria::{self, Cell, Row};

/// The largest priority that the column holds. Larger ones are stored as this.
const MAX_PRIORITY: i64 = 65_535;

/// A link as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentLink {
    stock_id: Option<i64>,
    source_code: Option<String>,
    priority: Option<i64>,
}

/// Lists links. Without a sort order they come in the order of the database index that the filter uses.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let criteria = arguments.criteria()?;
    let mut rows: Vec<&Link> = state.store.links.iter().collect();
    if criteria.filters_by("stock_id") {
        rows.sort_by_key(|link| (link.stock_id, link.priority));
    } else if criteria.filters_by("source_code") {
        rows.sort_by_cached_key(|link| fold(&link.source_code));
    }
    criteria::list(&rows, criteria)
}

/// Saves all links or none. An existing link gets the new priority and keeps its place.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let links: Vec<SentLink> = arguments.list("links")?;
    if links.is_empty() {
        return Err(ApiError::refused(400, "Input data is empty"));
    }
    let errors: Vec<Detail> = links.iter().flat_map(SentLink::errors).collect();
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let store = &mut state.store;
    check_ends(store, &links)?;
    upsert(store, links);
    index::invalidate(store);
    Ok(json!([]))
}

/// Deletes links. Links that do not exist are ignored.
pub fn delete(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let links: Vec<SentLink> = arguments.list("links")?;
    if links.is_empty() {
        return Err(ApiError::refused(400, "Input data is empty"));
    }
    if links
        .iter()
        .any(|link| link.is_of_default_source() || link.stock_id == Some(DEFAULT_STOCK))
    {
        return Err(ApiError::refused(
            400,
            "Can not delete link related to Default Source or Default Stock",
        ));
    }
    let deleted: HashSet<(i64, String)> = links
        .iter()
        .filter_map(|link| Some((link.stock_id?, fold(link.source_code.as_deref()?))))
        .collect();
    state
        .store
        .links
        .retain(|link| !deleted.contains(&(link.stock_id, fold(&link.source_code))));
    index::invalidate(&mut state.store);
    Ok(json!([]))
}

impl SentLink {
    /// Validates the link by itself.
    fn errors(&self) -> Vec<Detail> {
        let mut errors = Vec::new();
        let code = self.source_code.as_deref().unwrap_or_default();
        if code.trim().is_empty() {
            errors.push(Detail::empty("source_code"));
        } else if code.contains(char::is_whitespace) {
            errors.push(Detail::whitespace("source_code"));
        }
        if self.stock_id.is_none() {
            errors.push(Detail::empty("stock_id"));
        }
        if self.priority.unwrap_or(0) <= 0 {
            errors.push(Detail {
                message: "\"%field\" should be greater then 0.".to_owned(),
                parameters: json!({ "field": "priority" }),
            });
        }
        if self.is_of_default_source() != (self.stock_id == Some(DEFAULT_STOCK)) {
            errors.push(Detail::plain(
                "Can not save link related to Default Source or Default Stock",
            ));
        }
        errors
    }

    /// Compares exactly, unlike the database: `DEFAULT` is not recognised.
    fn is_of_default_source(&self) -> bool {
        self.source_code.as_deref() == Some(DEFAULT_SOURCE)
    }
}

/// Refuses links to stocks or sources that do not exist. The message does not name them.
fn check_ends(store: &Store, links: &[SentLink]) -> Result<(), ApiError> {
    let sources: HashSet<String> = store
        .sources
        .iter()
        .map(|source| fold(&source.source_code))
        .collect();
    let stocks: HashSet<i64> = store.stocks.iter().map(|stock| stock.stock_id).collect();
    let exists = |link: &SentLink| {
        link.stock_id.is_some_and(|id| stocks.contains(&id))
            && link
                .source_code
                .as_deref()
                .is_some_and(|code| sources.contains(&fold(code)))
    };
    if links.iter().all(exists) {
        Ok(())
    } else {
        Err(ApiError::refused(400, "Could not save StockSourceLinks"))
    }
}

fn upsert(store: &mut Store, links: Vec<SentLink>) {
    let mut places: HashMap<(i64, String), usize> = HashMap::new();
    for (place, link) in store.links.iter().enumerate() {
        places.insert((link.stock_id, fold(&link.source_code)), place);
    }
    for link in links {
        let (Some(stock_id), Some(code)) = (link.stock_id, link.source_code) else {
            continue;
        };
        let priority = link.priority.unwrap_or(0).min(MAX_PRIORITY);
        if let Some(place) = places.get(&(stock_id, fold(&code))) {
            store.links[*place].priority = priority;
            continue;
        }
        places.insert((stock_id, fold(&code)), store.links.len());
        let link_id = store.next.link_id;
        store.next.link_id += 1;
        store.links.push(Link {
            link_id,
            stock_id,
            source_code: stored(&code),
            priority,
        });
    }
}

impl Row for Link {
    const COLUMNS: &'static [&'static str] = &["link_id", "stock_id", "source_code", "priority"];

    fn cell(&self, column: &str) -> Cell {
        match column {
            "link_id" => Cell::int(self.link_id),
            "stock_id" => Cell::int(self.stock_id),
            "source_code" => Cell::Text(self.source_code.clone()),
            "priority" => Cell::int(self.priority),
            _ => Cell::Null,
        }
    }

    fn shown(&self) -> Value {
        json!({ "stock_id": self.stock_id, "source_code": self.source_code, "priority": self.priority })
    }
}
