//! The reader: reads the live state of a target and cannot write.

use std::time::Duration;

use super::collection::Collection;
use super::decode::{LINKS, SOURCES, STOCKS, by_code, by_id, by_stock_and_code, live_state};
use super::default_pair::{MissingDefault, missing};
use super::filter::any_of;
use super::page_bounds::PageSize;
use super::wire::{WireLink, WireSource, WireStock};
use crate::commerce::http::connection::Connection;
use crate::commerce::http::deadline::DeadlinePause;
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::proxy::Proxy;
use crate::commerce::http::transport::Traffic;
use crate::commerce::write::writer::Writer;
use crate::model::{DEFAULT_SOURCE, DEFAULT_STOCK, LiveState, ReadIssue};
use crate::reconcile::ApprovedPlan;

/// A list of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectionKind {
    /// Stocks; needs `Magento_InventoryApi::stock`.
    Stocks,
    /// Sources; needs `Magento_InventoryApi::source`.
    Sources,
    /// Links; needs `Magento_InventoryApi::stock_source_link`, as do their writes.
    Links,
}

/// Reads a target. It has no method that writes.
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) page_size: PageSize,
}

impl Reader {
    /// A reader on a connection.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self {
            connection,
            page_size: PageSize::default(),
        }
    }

    /// The proxy for requests to the shop, if there is one.
    pub fn proxy(&self) -> Option<Proxy> {
        self.connection.proxy()
    }

    /// Requests and bytes so far.
    pub fn traffic(&self) -> Traffic {
        self.connection.traffic()
    }

    /// Reads stocks, sources and links completely.
    pub async fn fetch(&self) -> Result<LiveState, ApiError> {
        // The stocks come first: they are few, and their first page shows which page size the server accepts.
        let stocks = STOCKS
            .read::<WireStock>(&self.connection, &self.page_size, by_id)
            .await?;
        let (sources, links) = futures_util::try_join!(
            SOURCES.read::<WireSource>(&self.connection, &self.page_size, by_code),
            LINKS.read::<WireLink>(&self.connection, &self.page_size, by_stock_and_code),
        )?;
        Ok(live_state(stocks, sources, links))
    }

    /// Reads everything; twice if the links take several pages. If the two reads differ, the result has an issue. A link
    /// removed and another added between two pages can hide a third one, and the numbers do not show it. Only if nothing
    /// changed, a link that is not listed does not exist.
    pub async fn fetch_verified(&self) -> Result<LiveState, ApiError> {
        let first = self.fetch().await?;
        if !first.issues.is_empty() || self.reads_in_one_page(first.links.len()) {
            return Ok(first);
        }
        let mut second = self.fetch().await?;
        if first.links != second.links {
            second.issues.push(ReadIssue::two_reads_differ());
        }
        Ok(second)
    }

    /// True if so many links come in one page, and so all from one moment.
    pub fn reads_in_one_page(&self, links: usize) -> bool {
        !self.page_size.splits(links)
    }

    /// Reads the number of items of a list; needs the permission to read it.
    pub async fn count(&self, listing: CollectionKind) -> Result<u64, ApiError> {
        let list = match listing {
            CollectionKind::Stocks => STOCKS,
            CollectionKind::Sources => SOURCES,
            CollectionKind::Links => LINKS,
        };
        list.count(&self.connection).await
    }

    /// Reads only the Default Stock, the source `default` and their link, and returns those that are missing.
    pub async fn missing_defaults(&self) -> Result<Vec<MissingDefault>, ApiError> {
        let stock = [DEFAULT_STOCK.to_string()];
        let of_stock = any_of("stock_id", stock.iter().map(String::as_str)).unwrap_or_default();
        let of_source = any_of("source_code", [DEFAULT_SOURCE]).unwrap_or_default();
        let (stocks, links) = (filtered(STOCKS, &of_stock), filtered(LINKS, &of_stock));
        let sources = filtered(SOURCES, &of_source);
        let (connection, size) = (&self.connection, &self.page_size);
        let (stocks, sources, links) = futures_util::try_join!(
            stocks.read::<WireStock>(connection, size, by_id),
            sources.read::<WireSource>(connection, size, by_code),
            links.read::<WireLink>(connection, size, by_stock_and_code),
        )?;
        Ok(missing(&live_state(stocks, sources, links)))
    }

    /// Finds the largest page that the server accepts; this reader uses it from then on.
    pub async fn page_limit(&self) -> Result<usize, ApiError> {
        LINKS.probe_page(&self.connection, &self.page_size).await
    }

    /// Reads if an unknown product is salable; fails without the permission to verify quantities.
    pub async fn may_verify(&self) -> Result<(), ApiError> {
        self.connection
            .get::<bool>("inventory/is-product-salable/stocktake-doctor/1", "")
            .await
            .map(|_| ())
    }

    /// Seconds by which the server's clock is ahead of this machine's, by its last response.
    pub fn clock_skew(&self) -> Option<i64> {
        self.connection.clock_skew()
    }

    /// Longest time from a request to the end of its response, writes included.
    pub fn request_timeout(&self) -> Duration {
        self.connection.limits().request
    }

    /// Longest time for which reads may not show our own write yet ([`crate::commerce::Limits::consistency`]).
    pub fn consistency(&self) -> Duration {
        self.connection.limits().consistency
    }

    /// True if the run has time for a request after a pause.
    pub fn has_time_for(&self, pause: Duration) -> bool {
        self.connection.deadline().allows(pause)
    }

    /// Extends the run's time ([`crate::commerce::Limits::run`]), such as by the time for which a person was waited for.
    pub fn extend(&self, waited: Duration) {
        self.connection.deadline().extend(waited);
    }

    /// Pauses the run's time for work with a time limit of its own, until the returned value is dropped.
    pub fn pause_deadline(&self) -> DeadlinePause {
        self.connection.deadline().pause()
    }

    /// Extends the run's time so that at least this much is left.
    pub fn ensure_time(&self, time: Duration) {
        self.connection.deadline().ensure(time);
    }

    /// The writer for an approved plan.
    pub fn writer(&self, _approval: &ApprovedPlan) -> Writer {
        Writer::new(self.connection.clone())
    }
}

/// A list with the one filter that a few values need.
fn filtered<'a>(list: Collection<'a>, filter: &'a [String]) -> Collection<'a> {
    Collection {
        filter: filter.first().map(String::as_str),
        ..list
    }
}
