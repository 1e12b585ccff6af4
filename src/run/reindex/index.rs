//! Checks the inventory index of some stocks: compares its rows with those that links and source items predict.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::commerce::{ApiError, Reader, SourceItems};
use crate::model::{DEFAULT_STOCK, IndexRow, LiveState, Sku, SourceCode, SourceItem, Stock, StockId};
use crate::reconcile::index::{
    Comparison, IndexState, IndexVerdict, StockIndex, compare, counted_sources, predict, samples,
};
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};

/// The first pause between two checks; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two checks.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The number of products without a row that proves an index stale.
const PROOF_ENOUGH: usize = 3;

/// The stocks whose index is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// These.
    These(BTreeSet<StockId>),
    /// All but the Default Stock, whose rows are read live.
    Custom,
}

/// The products whose rows are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Products {
    /// All.
    All,
    /// These, by SKU.
    Canary(Vec<Sku>),
}

/// The result of a check of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexProof {
    /// The state of each stock's index, by id.
    Read(Vec<StockIndex>),
    /// Links or source items could not be read, or only incompletely.
    Unreadable(String),
}

impl IndexProof {
    /// The verdict over all stocks.
    pub fn verdict(&self) -> IndexVerdict {
        match self {
            Self::Read(stocks) => IndexVerdict::of(stocks),
            Self::Unreadable(_) => IndexVerdict::Unknown,
        }
    }
}

/// Checks the index of a target. It only reads.
pub struct IndexProver<'a> {
    /// Reads the target.
    pub reader: &'a Reader,
    /// The stocks to check.
    pub scope: Scope,
    /// The products to check.
    pub products: Products,
}

impl IndexProver<'_> {
    /// Checks again where the first check finds a stale index: only a difference that both show counts. The links that are
    /// read must show the last writes, since a stale index agrees with links from before them.
    pub async fn look(&self, recent: &RecentWrites) -> IndexProof {
        let first = self.look_once(recent).await;
        if first.verdict() != IndexVerdict::Stale {
            return first;
        }
        let IndexProof::Read(first) = first else {
            return first;
        };
        match self.look_once(recent).await {
            IndexProof::Read(later) => IndexProof::Read(confirmed(&first, later)),
            unreadable @ IndexProof::Unreadable(_) => unreadable,
        }
    }

    /// Checks until nothing is stale or the time is over. An interrupt ends it after the current check.
    pub async fn look_until(
        &self,
        recent: &RecentWrites,
        timeout: Duration,
        observer: &dyn Observer,
        cancel: &CancellationToken,
    ) -> IndexProof {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            observer.notice(Event::ProvingIndex);
            let proof = self.look(recent).await;
            if proof.verdict() != IndexVerdict::Stale || started.elapsed() + pause > timeout {
                return proof;
            }
            observer.notice(Event::IndexStale {
                pause: pause.as_secs(),
            });
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => return proof,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn look_once(&self, recent: &RecentWrites) -> IndexProof {
        let live = match recent.read(self.reader).await {
            Ok(live) => live,
            Err(error) => return IndexProof::Unreadable(error.to_string()),
        };
        if let Some(issue) = live.issues.first() {
            return IndexProof::Unreadable(issue.reason.clone());
        }
        if recent.is_behind(&live) {
            let reason = "the links that were read do not show the last writes yet".to_owned();
            return IndexProof::Unreadable(reason);
        }
        let stocks: Vec<&Stock> = live
            .stocks
            .iter()
            .filter(|stock| self.is_in_scope(stock.id))
            .collect();
        let items = match self.items(&live, &stocks).await {
            Ok(items) => items,
            Err(reason) => return IndexProof::Unreadable(reason),
        };
        let mut seen = Vec::with_capacity(stocks.len());
        for stock in stocks {
            let looked = self.look_at(&live, stock, &items).await;
            seen.push(StockIndex {
                stock_id: stock.id,
                name: stock.name.clone(),
                index: looked.unwrap_or_else(|reason| IndexState::Unknown { reason }),
            });
        }
        IndexProof::Read(seen)
    }

    fn is_in_scope(&self, stock: StockId) -> bool {
        match &self.scope {
            Scope::These(ids) => ids.contains(&stock),
            Scope::Custom => stock != DEFAULT_STOCK,
        }
    }

    /// Reads the source items that the stocks' rows are built from.
    async fn items(&self, live: &LiveState, stocks: &[&Stock]) -> Result<Vec<SourceItem>, String> {
        let read = match &self.products {
            Products::All => {
                let sold = stocks.iter().filter(|stock| !stock.channels.is_empty());
                let counted: BTreeSet<&SourceCode> =
                    sold.flat_map(|stock| counted_sources(live, stock.id)).collect();
                let counted: Vec<&SourceCode> = counted.into_iter().collect();
                self.reader.items_of_sources(&counted).await
            }
            Products::Canary(skus) => {
                self.reader
                    .items_of_products(&skus.iter().collect::<Vec<_>>())
                    .await
            }
        };
        complete(read)
    }

    async fn look_at(
        &self,
        live: &LiveState,
        stock: &Stock,
        items: &[SourceItem],
    ) -> Result<IndexState, String> {
        if stock.channels.is_empty() {
            return Ok(IndexState::Unsold);
        }
        let mut shown: Vec<IndexRow> = Vec::new();
        for channel in &stock.channels {
            let rows = self.reader.index_rows(channel).await;
            shown.extend(rows.map_err(|error| with_hints(&error))?);
        }
        let mut predicted = predict(live, stock.id, items);
        if let Products::Canary(skus) = &self.products {
            let named: BTreeSet<&Sku> = skus.iter().collect();
            shown.retain(|row| named.contains(&row.sku));
            predicted.retain(|sku, _| named.contains(sku));
        }
        let comparison = compare(&predicted, &shown);
        if matches!(self.products, Products::Canary(_)) && comparison.is_silent() {
            let reason = "no canary SKU is in a source of this stock, or in its index".to_owned();
            return Ok(IndexState::Unknown { reason });
        }
        let elsewhere = self.elsewhere(&comparison).await?;
        let counted = counted_sources(live, stock.id);
        let missing = self.missing(&comparison, stock.id, items, &counted).await;
        let missing = missing.map_err(|error| with_hints(&error))?;
        Ok(comparison.judged(&elsewhere, &missing))
    }

    /// The products with a row that no counted source explains, and with items in other sources. Composite products have
    /// none there.
    async fn elsewhere(&self, comparison: &Comparison) -> Result<BTreeSet<Sku>, String> {
        let skus: Vec<&Sku> = comparison.surplus.iter().map(|one| &one.sku).collect();
        if skus.is_empty() {
            return Ok(BTreeSet::new());
        }
        let items = complete(self.reader.items_of_products(&skus).await)?;
        Ok(items.into_iter().map(|item| item.sku).collect())
    }

    /// The products that should have a row and have none, and that the shop has no salable quantity of, though it knows them.
    async fn missing(
        &self,
        comparison: &Comparison,
        stock: StockId,
        items: &[SourceItem],
        counted: &BTreeSet<&SourceCode>,
    ) -> Result<BTreeSet<Sku>, ApiError> {
        let mut missing = BTreeSet::new();
        for sample in samples(comparison, items, counted) {
            let quantity = self.reader.salable_quantity(&sample.sku, stock).await?;
            if quantity.is_some_and(|quantity| !quantity.is_positive()) {
                missing.insert(sample.sku.clone());
            }
            if missing.len() == PROOF_ENOUGH {
                break;
            }
        }
        Ok(missing)
    }
}

/// The items of a complete read; otherwise the reason why nothing can be concluded.
fn complete(read: Result<SourceItems, ApiError>) -> Result<Vec<SourceItem>, String> {
    let read = read.map_err(|error| with_hints(&error))?;
    match read.issues.into_iter().next() {
        Some(reason) => Err(reason),
        None => Ok(read.items),
    }
}

/// The state of each stock that both checks confirm.
fn confirmed(first: &[StockIndex], later: Vec<StockIndex>) -> Vec<StockIndex> {
    let both = later.into_iter().map(|later| {
        let first = first.iter().find(|first| first.stock_id == later.stock_id);
        match first {
            Some(first) => StockIndex {
                index: first.index.clone().confirmed_by(later.index),
                ..later
            },
            None => later,
        }
    });
    both.collect()
}

/// An error with its hints.
fn with_hints(error: &ApiError) -> String {
    let mut text = error.to_string();
    for hint in &error.hints {
        text.push_str("; ");
        text.push_str(hint);
    }
    text
}
