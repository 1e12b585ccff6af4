//! Decodes pages into the live state.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::collection::Collection;
use super::completeness::issues;
use super::join::{Joined, join};
use super::wire::{PAGE_SIZE, Page, WireLink, WireSource, WireStock};
use crate::commerce::http::error::error_kind::ErrorKind;
use crate::commerce::http::response::Response;
use crate::model::{Link, LiveState, ReadIssue, SalesChannel, Source, SourceCode, Stock, StockId, StockName};

/// Sources of a page. A source takes the shop longer than a link (1,000 took 0.5 to 0.8 s), so pages are read beside each other.
const SOURCES_PAGE: usize = 1_000;

pub(super) const STOCKS: Collection<'_> = Collection {
    name: "stocks",
    path: "inventory/stocks",
    fields: Some("stock_id,name,extension_attributes"),
    sort: &["stock_id"],
    page: PAGE_SIZE,
    filter: None,
};

pub(super) const SOURCES: Collection<'_> = Collection {
    name: "sources",
    path: "inventory/sources",
    fields: Some("source_code,name,enabled"),
    sort: &["source_code"],
    page: SOURCES_PAGE,
    filter: None,
};

pub(super) const LINKS: Collection<'_> = Collection {
    name: "links",
    path: "inventory/stock-source-links",
    // A link has no other fields, and naming them takes the server a third more time (recording 08, steps 054 to 065).
    fields: None,
    sort: &["stock_id", "source_code"],
    page: PAGE_SIZE,
    filter: None,
};

/// The responses with the pages of each list.
#[derive(Debug, Clone, Copy)]
pub struct Pages<'a> {
    /// The pages of stocks.
    pub stocks: &'a [Response],
    /// The pages of sources.
    pub sources: &'a [Response],
    /// The pages of links.
    pub links: &'a [Response],
}

impl Pages<'_> {
    /// Decodes the live state as [`crate::commerce::Reader::fetch`] does; fails at the first response that is not a page.
    pub fn decode(self) -> Result<LiveState, ErrorKind> {
        Ok(live_state(
            complete(STOCKS, self.stocks, by_id)?,
            complete(SOURCES, self.sources, by_code)?,
            complete(LINKS, self.links, by_stock_and_code)?,
        ))
    }
}

/// Decodes and joins the pages of a list.
pub(super) fn complete<T: DeserializeOwned>(
    list: Collection,
    responses: &[Response],
    order: fn(&T, &T) -> Ordering,
) -> Result<Joined<T>, ErrorKind> {
    let page = |response: &Response| {
        let page = response.json::<Page<T>>()?;
        let cached = response.cached.clone();
        Ok(Page { cached, ..page })
    };
    let pages: Vec<Page<T>> = responses.iter().map(page).collect::<Result<_, _>>()?;
    Ok(join(list.name, pages.into_iter(), order))
}

pub(super) fn by_id(a: &WireStock, b: &WireStock) -> Ordering {
    a.stock_id.cmp(&b.stock_id)
}

pub(super) fn by_code(a: &WireSource, b: &WireSource) -> Ordering {
    a.source_code.cmp(&b.source_code)
}

pub(super) fn by_stock_and_code(a: &WireLink, b: &WireLink) -> Ordering {
    (a.stock_id, &a.source_code).cmp(&(b.stock_id, &b.source_code))
}

pub(super) fn live_state(
    stocks: Joined<WireStock>,
    sources: Joined<WireSource>,
    links: Joined<WireLink>,
) -> LiveState {
    let reasons = [stocks.issues, sources.issues, links.issues].concat();
    let mut all: Vec<ReadIssue> = reasons.into_iter().map(|reason| ReadIssue { reason }).collect();
    let mut codes = Codes::default();
    let state = LiveState {
        stocks: stocks.items.into_iter().map(stock).collect(),
        sources: sources
            .items
            .into_iter()
            .map(|item| source(item, &mut codes))
            .collect(),
        links: links
            .items
            .into_iter()
            .map(|item| link(item, &mut codes))
            .collect(),
        only: None,
        issues: Vec::new(),
    }
    .sorted();
    all.extend(issues(&state));
    LiveState { issues: all, ..state }
}

pub(super) fn stock(item: WireStock) -> Stock {
    let channels = item
        .extension_attributes
        .unwrap_or_default()
        .sales_channels
        .unwrap_or_default();
    Stock {
        id: StockId(item.stock_id),
        name: StockName::from_server(&item.name),
        channels: channels
            .into_iter()
            .map(|channel| SalesChannel {
                kind: channel.kind,
                code: channel.code,
            })
            .collect(),
    }
}

pub(super) fn source(item: WireSource, codes: &mut Codes) -> Source {
    let code = codes.intern(item.source_code);
    Source {
        name: item.name.unwrap_or_default(),
        enabled: item.enabled,
        code,
    }
}

pub(super) fn link(item: WireLink, codes: &mut Codes) -> Link {
    Link {
        stock: StockId(item.stock_id),
        source: codes.intern(item.source_code),
        priority: item.priority,
    }
}

/// Interns source codes: each spelling is kept once, however many links name it.
#[derive(Default)]
pub(super) struct Codes(HashMap<String, SourceCode>);

impl Codes {
    pub(super) fn intern(&mut self, spelling: String) -> SourceCode {
        let code = self
            .0
            .entry(spelling)
            .or_insert_with_key(|spelling| SourceCode::from_server(spelling));
        code.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{LINKS, SOURCES, STOCKS};
    use crate::commerce::http::auth::oauth::refused_query;

    #[test]
    fn the_shop_accepts_the_signature_of_every_query() {
        for list in [STOCKS, SOURCES, LINKS] {
            let query = list.query(10_000, 101);
            assert_eq!(refused_query(&query), None, "{query}");
        }
    }
}
