//! Reads again the stocks that a plan changes; the rest of the live state stays as it was when the plan was made.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::commerce::{ApiError, Reader};
use crate::model::{LiveState, ReadIssue, SourceCode, StockId};
use crate::reconcile::{Change, Plan, StockPlan};

/// The stocks that a plan changes, and the sources that it rests on.
pub(super) struct ChangedStocks<'a> {
    reader: &'a Reader,
    stocks: BTreeSet<StockId>,
    sources: BTreeSet<SourceCode>,
    /// The read that each later one is based on; without it each is a whole one.
    whole: Option<Arc<LiveState>>,
}

impl<'a> ChangedStocks<'a> {
    /// Those of a plan that was made from that whole read. A whole read that may be incomplete is no basis: each is then a
    /// whole one, which may be complete.
    pub(super) fn of(plan: &Plan, reader: &'a Reader, whole: Option<Arc<LiveState>>) -> Self {
        let changed = || plan.stocks.iter().filter(|stock| !stock.in_sync());
        Self {
            reader,
            stocks: changed().map(|stock| stock.stock_id).collect(),
            sources: changed().flat_map(rests_on).cloned().collect(),
            whole: whole.filter(|live| live.issues.is_empty()),
        }
    }

    /// The whole read, where there is one.
    pub(super) fn whole(&self) -> Option<&Arc<LiveState>> {
        self.whole.as_ref()
    }

    /// Bases later reads on this one, if it is complete.
    pub(super) fn rest_on(&mut self, live: &Arc<LiveState>) {
        if live.issues.is_empty() {
            self.whole = Some(Arc::clone(live));
        }
    }

    /// Reads the links of the stocks, and the sources that the plan rests on.
    pub(super) async fn with_sources(&self) -> Result<LiveState, ApiError> {
        self.read(&self.sources).await
    }

    /// Reads the links of the stocks.
    pub(super) async fn links(&self) -> Result<LiveState, ApiError> {
        self.read(&BTreeSet::new()).await
    }

    /// Reads what a failed write may be about: the links of the stocks, and the sources. Twice if the links take several pages,
    /// since a link that moves between two pages can hide another one. If the two reads differ, the result has an issue.
    pub(super) async fn verified(&self) -> Result<LiveState, ApiError> {
        if self.whole.is_none() {
            return self.reader.fetch_verified().await;
        }
        let first = self.with_sources().await?;
        if !first.issues.is_empty() || self.reader.reads_in_one_page(self.number(&first)) {
            return Ok(first);
        }
        let mut second = self.with_sources().await?;
        if first.links != second.links {
            second.issues.push(ReadIssue::two_reads_differ());
        }
        Ok(second)
    }

    /// The number of links in the stocks.
    fn number(&self, live: &LiveState) -> usize {
        self.stocks.iter().map(|stock| live.links_of(*stock).len()).sum()
    }

    async fn read(&self, sources: &BTreeSet<SourceCode>) -> Result<LiveState, ApiError> {
        match &self.whole {
            Some(whole) => Box::pin(self.reader.refresh(whole, &self.stocks, sources)).await,
            None => Box::pin(self.reader.fetch()).await,
        }
    }
}

/// The sources whose state decides what may be done to a stock: those to link, and one enabled source that stays, for the
/// guard that leaves no stock with disabled sources only.
fn rests_on(stock: &StockPlan) -> impl Iterator<Item = &SourceCode> {
    let created = stock.changes.iter().filter_map(|change| match change {
        Change::Create { source_code, .. } => Some(source_code),
        Change::Move { .. } | Change::Delete { .. } => None,
    });
    let serving = stock.after.iter().find(|link| link.enabled);
    created.chain(serving.map(|link| &link.source_code))
}
