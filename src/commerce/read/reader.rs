//! The reader: the whole live state, and nothing that could change it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::collection::{Collected, Collection};
use super::completeness::signs;
use super::default_pair::{MissingDefault, missing};
use super::filter::any_of;
use super::page_bounds::PageSize;
use super::wire::{Page, WireLink, WireSource, WireStock};
use crate::commerce::http::connection::Connection;
use crate::commerce::http::deadline::DeadlinePause;
use crate::commerce::http::error::api_error::{ApiError, ErrorKind};
use crate::commerce::http::proxy::Proxy;
use crate::commerce::http::response::Response;
use crate::commerce::http::transport::Traffic;
use crate::commerce::write::writer::Writer;
use crate::model::{
    DEFAULT_SOURCE, DEFAULT_STOCK, Link, LiveState, ReadIssue, SalesChannel, Source, SourceCode, Stock,
    StockId, StockName,
};
use crate::reconcile::ApprovedPlan;

const STOCKS: Collection<'_> = Collection {
    name: "stocks",
    path: "inventory/stocks",
    fields: Some("stock_id,name,extension_attributes"),
    sort: &["stock_id"],
    filter: None,
};

const SOURCES: Collection<'_> = Collection {
    name: "sources",
    path: "inventory/sources",
    fields: Some("source_code,name,enabled"),
    sort: &["source_code"],
    filter: None,
};

const LINKS: Collection<'_> = Collection {
    name: "links",
    path: "inventory/stock-source-links",
    // A link has no other fields, and to choose among them takes the server a third more time (recording 08, steps 054 to 065).
    fields: None,
    sort: &["stock_id", "source_code"],
    filter: None,
};

/// A list that the server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectionKind {
    /// Stocks; needs `Magento_InventoryApi::stock`.
    Stocks,
    /// Sources; needs `Magento_InventoryApi::source`.
    Sources,
    /// Links; needs `Magento_InventoryApi::stock_source_link`, as their writes do.
    Links,
}

/// Reads a target. It has no method that writes.
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) page_size: PageSize,
}

impl Reader {
    /// Makes a reader that uses a connection.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self {
            connection,
            page_size: PageSize::default(),
        }
    }

    /// The proxy that requests to the shop go through, if there is one.
    pub fn proxy(&self) -> Option<Proxy> {
        self.connection.proxy()
    }

    /// What has been sent and taken in so far.
    pub fn traffic(&self) -> Traffic {
        self.connection.traffic()
    }

    /// Reads stocks, sources and links completely.
    pub async fn fetch(&self) -> Result<LiveState, ApiError> {
        // The stocks are few: their first page finds out what page size the server takes.
        let stocks = STOCKS
            .read::<WireStock>(&self.connection, &self.page_size, by_id)
            .await?;
        let (sources, links) = futures_util::try_join!(
            SOURCES.read::<WireSource>(&self.connection, &self.page_size, by_code),
            LINKS.read::<WireLink>(&self.connection, &self.page_size, by_stock_and_code),
        )?;
        Ok(live_state(stocks, sources, links))
    }

    /// Reads everything, twice where it takes several pages, and doubts it when the two differ. A link that goes and another
    /// that comes between two pages leave no sign in the numbers, and hide a third; what is not listed is surely not there
    /// only when nothing has moved.
    pub async fn fetch_verified(&self) -> Result<LiveState, ApiError> {
        let first = self.fetch().await?;
        if !first.issues.is_empty() || !self.page_size.cuts(first.links.len()) {
            return Ok(first);
        }
        let mut second = self.fetch().await?;
        if first.links != second.links {
            second.issues.push(ReadIssue {
                reason: "two reads of the links differ".to_owned(),
            });
        }
        Ok(second)
    }

    /// Challenge for the number of items of a list, which needs the permission to read it.
    pub async fn count(&self, listing: CollectionKind) -> Result<u64, ApiError> {
        let list = match listing {
            CollectionKind::Stocks => STOCKS,
            CollectionKind::Sources => SOURCES,
            CollectionKind::Links => LINKS,
        };
        list.count(&self.connection).await
    }

    /// Challenge for the Default Stock, the source `default` and their link alone, and gives what of them is not listed.
    pub async fn missing_defaults(&self) -> Result<Vec<MissingDefault>, ApiError> {
        let stock = [DEFAULT_STOCK.to_string()];
        let of_stock = any_of("stock_id", stock.iter().map(String::as_str)).unwrap_or_default();
        let of_source = any_of("source_code", [DEFAULT_SOURCE]).unwrap_or_default();
        let (stocks, links) = (through(STOCKS, &of_stock), through(LINKS, &of_stock));
        let sources = through(SOURCES, &of_source);
        let (connection, size) = (&self.connection, &self.page_size);
        let (stocks, sources, links) = futures_util::try_join!(
            stocks.read::<WireStock>(connection, size, by_id),
            sources.read::<WireSource>(connection, size, by_code),
            links.read::<WireLink>(connection, size, by_stock_and_code),
        )?;
        Ok(missing(&live_state(stocks, sources, links)))
    }

    /// Finds out the greatest page that the server gives, which is the one that this reader uses from then on.
    pub async fn page_limit(&self) -> Result<usize, ApiError> {
        LINKS.probe_page(&self.connection, &self.page_size).await
    }

    /// Challenge whether an unknown product is salable, which needs the permission to verify quantities.
    pub async fn may_verify(&self) -> Result<(), ApiError> {
        self.connection
            .get::<bool>("inventory/is-product-salable/stocktake-doctor/1", "")
            .await
            .map(|_| ())
    }

    /// By how many seconds the server's clock is ahead of this machine's, as its last answer told.
    pub fn clock_skew(&self) -> Option<i64> {
        self.connection.clock_skew()
    }

    /// The longest time from a request to the end of its answer; it holds for writes too.
    pub fn request_timeout(&self) -> Duration {
        self.connection.request_timeout()
    }

    /// How long reads may show what stood before a write of ours ([`crate::commerce::Limits::consistency`]).
    pub fn consistency(&self) -> Duration {
        self.connection.consistency()
    }

    /// Whether a request may still be made after such a pause.
    pub fn has_time_for(&self, pause: Duration) -> bool {
        self.connection.deadline().allows(pause)
    }

    /// Puts the end of the run's time off ([`crate::commerce::Limits::run`]) by a time in which somebody else was waited for.
    pub fn extend(&self, waited: Duration) {
        self.connection.deadline().extend(waited);
    }

    /// Stops the clock of the run's time for what has a time of its own, until what is returned is dropped.
    pub fn pause_deadline(&self) -> DeadlinePause {
        self.connection.deadline().stop()
    }

    /// Sees to it that so much of the run's time is left.
    pub fn allow(&self, time: Duration) {
        self.connection.deadline().allow(time);
    }

    /// Gives the writer that may carry out an approved plan.
    pub fn writer(&self, _approval: &ApprovedPlan) -> Writer {
        Writer::new(self.connection.clone())
    }
}

/// A list through the one filter that its few values take.
fn through<'a>(list: Collection<'a>, filter: &'a [String]) -> Collection<'a> {
    Collection {
        filter: filter.first().map(String::as_str),
        ..list
    }
}

/// The pages of each list, as they were answered.
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
    /// What [`Reader::fetch`] makes of these answers: the live state with its doubts, or the first that is no page.
    pub fn decode(self) -> Result<LiveState, ErrorKind> {
        Ok(live_state(
            complete(STOCKS, self.stocks, by_id)?,
            complete(SOURCES, self.sources, by_code)?,
            complete(LINKS, self.links, by_stock_and_code)?,
        ))
    }
}

/// Puts the pages of a list together as they were answered.
pub(super) fn complete<T: DeserializeOwned>(
    list: Collection,
    answers: &[Response],
    order: fn(&T, &T) -> Ordering,
) -> Result<Collected<T>, ErrorKind> {
    let page = |answer: &Response| {
        let page = answer.json::<Page<T>>()?;
        let cached = answer.cached.clone();
        Ok(Page { cached, ..page })
    };
    let pages: Vec<Page<T>> = answers.iter().map(page).collect::<Result<_, _>>()?;
    Ok(list.join(pages.into_iter(), order))
}

fn by_id(a: &WireStock, b: &WireStock) -> Ordering {
    a.stock_id.cmp(&b.stock_id)
}

fn by_code(a: &WireSource, b: &WireSource) -> Ordering {
    a.source_code.cmp(&b.source_code)
}

fn by_stock_and_code(a: &WireLink, b: &WireLink) -> Ordering {
    (a.stock_id, &a.source_code).cmp(&(b.stock_id, &b.source_code))
}

fn live_state(
    stocks: Collected<WireStock>,
    sources: Collected<WireSource>,
    links: Collected<WireLink>,
) -> LiveState {
    let doubts = [stocks.doubts, sources.doubts, links.doubts].concat();
    let mut issues: Vec<ReadIssue> = doubts.into_iter().map(|reason| ReadIssue { reason }).collect();
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
        issues: Vec::new(),
    }
    .sorted();
    issues.extend(signs(&state));
    LiveState { issues, ..state }
}

fn stock(item: WireStock) -> Stock {
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

fn source(item: WireSource, codes: &mut Codes) -> Source {
    let code = codes.intern(item.source_code);
    Source {
        name: item.name.unwrap_or_default(),
        enabled: item.enabled,
        code,
    }
}

fn link(item: WireLink, codes: &mut Codes) -> Link {
    Link {
        stock: StockId(item.stock_id),
        source: codes.intern(item.source_code),
        priority: item.priority,
    }
}

/// Every spelling once, however many links name it.
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
    fn no_query_has_a_shape_whose_signature_the_shop_refuses() {
        for list in [STOCKS, SOURCES, LINKS] {
            let query = list.query(10_000, 101);
            assert_eq!(refused_query(&query), None, "{query}");
        }
    }
}
