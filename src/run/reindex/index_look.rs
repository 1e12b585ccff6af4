//! One check of the index: reads each thing once, and asks about products that no row shows.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{IndexProof, IndexProver, Products, Scope};
use crate::commerce::{ApiError, SourceItems};
use crate::model::{IndexRow, LiveState, Quantity, Sku, SourceCode, SourceItem, Stock};
use crate::reconcile::index::{
    Comparison, Evidence, IndexState, StockIndex, compare, counted_sources, predict, samples,
};
use crate::run::consistency::RecentWrites;

/// The most products that one check asks about, in all stocks together. Each costs a request of 65 ms (18-028 of 2.4.8).
const QUESTIONS: usize = 60;

/// The fewest products of each stock.
const QUESTIONS_OF_A_STOCK: usize = 3;

/// The number of products after which the answers are looked at.
const AT_A_TIME: usize = 10;

/// The number of products without a row after which no more are asked about.
const PROOF_ENOUGH: usize = 20;

/// What the rows of a stock say.
struct Compared<'a> {
    stock: &'a Stock,
    counted: BTreeSet<&'a SourceCode>,
    found: Comparison,
    /// Why some of its rows could not be read.
    unanswered: Option<String>,
}

impl IndexProver<'_> {
    /// Checks once. A stale row may be one that changes right now.
    pub(super) async fn look_once(&self, recent: &RecentWrites) -> IndexProof {
        let (live, is_behind) = match self.links(recent).await {
            Ok(read) => read,
            Err(error) => return IndexProof::Unreadable(error.to_string()),
        };
        if let Some(issue) = live.issues.first() {
            return IndexProof::Unreadable(issue.reason.clone());
        }
        if is_behind {
            let reason = "the links that were read do not show the last writes yet".to_owned();
            return IndexProof::Unreadable(reason);
        }
        let in_scope = live.stocks.iter().filter(|stock| self.scope.contains(stock.id));
        let (sold, unsold): (Vec<&Stock>, Vec<&Stock>) =
            in_scope.partition(|stock| !stock.channels.is_empty());
        let items = match self.items(&live, &sold).await {
            Ok(items) => items,
            Err(reason) => return IndexProof::Unreadable(reason),
        };
        let mut compared = Vec::with_capacity(sold.len());
        for stock in sold {
            compared.push(self.compared(&live, stock, &items).await);
        }
        let mut states = self.judged(compared, &items).await;
        states.extend(
            unsold
                .into_iter()
                .map(|stock| index_of(stock, IndexState::Unsold)),
        );
        states.extend(self.gone(&live));
        states.sort_by_key(|state| state.stock_id);
        IndexProof::Read(states)
    }

    /// Reads the links of the stocks in scope; true with the result if it does not show the last writes yet.
    async fn links(&self, recent: &RecentWrites) -> Result<(LiveState, bool), ApiError> {
        match &self.scope {
            Scope::Custom => recent.read_by(self.reader, || self.reader.fetch()).await,
            Scope::These(_) => {
                let read = || {
                    self.reader
                        .fetch_stocks(|stock| self.scope.contains(stock.id), [])
                };
                recent.read_by(self.reader, read).await
            }
        }
    }

    /// The stocks in scope that the shop does not have any more.
    fn gone(&self, live: &LiveState) -> Vec<StockIndex> {
        let Scope::These(wanted) = &self.scope else {
            return Vec::new();
        };
        let gone = wanted
            .iter()
            .filter(|(id, _)| live.stocks.iter().all(|stock| stock.id != **id));
        let gone = gone.map(|(id, name)| StockIndex {
            stock_id: *id,
            name: name.clone(),
            index: IndexState::Unknown {
                reason: format!("the shop has no stock of the id {id} any more"),
            },
        });
        gone.collect()
    }

    /// Reads the source items that the stocks' rows are built from.
    async fn items(&self, live: &LiveState, sold: &[&Stock]) -> Result<Vec<SourceItem>, String> {
        let read = match &self.products {
            Products::All => {
                let counted: BTreeSet<&SourceCode> = sold
                    .iter()
                    .flat_map(|stock| counted_sources(live, stock.id))
                    .collect();
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

    /// Reads a stock's rows and compares them. Rows that could be read count also where others could not.
    async fn compared<'a>(
        &self,
        live: &'a LiveState,
        stock: &'a Stock,
        items: &[SourceItem],
    ) -> Compared<'a> {
        let mut shown: Vec<IndexRow> = Vec::new();
        let mut unanswered = None;
        for channel in &stock.channels {
            match self.reader.index_rows(channel).await {
                Ok(rows) => shown.extend(rows),
                Err(error) => unanswered = unanswered.or(Some(with_hints(&error))),
            }
        }
        let mut predicted = predict(live, stock.id, items);
        if let Products::Canary(skus) = &self.products {
            let named: BTreeSet<&Sku> = skus.iter().collect();
            shown.retain(|row| named.contains(&row.sku));
            predicted.retain(|sku, _| named.contains(sku));
        }
        Compared {
            stock,
            counted: counted_sources(live, stock.id),
            found: compare(&predicted, &shown),
            unanswered,
        }
    }

    /// Asks what the rows leave open, and judges. A stock that cannot be judged does not keep the others from it.
    async fn judged(&self, compared: Vec<Compared<'_>>, items: &[SourceItem]) -> Vec<StockIndex> {
        let (elsewhere, failure) = match self.elsewhere(&compared).await {
            Ok(elsewhere) => (elsewhere, None),
            Err(reason) => (BTreeSet::new(), Some(reason)),
        };
        let asked = compared.iter().filter(|one| one.found.has_open());
        let most = (QUESTIONS / asked.count().max(1)).max(QUESTIONS_OF_A_STOCK);
        let mut states = Vec::with_capacity(compared.len());
        for one in compared {
            let is_canary = matches!(self.products, Products::Canary(_));
            if is_canary && one.unanswered.is_none() && one.found.is_silent() {
                let reason = "no canary SKU is in a source of this stock, or in its index".to_owned();
                states.push(index_of(one.stock, IndexState::Unknown { reason }));
                continue;
            }
            let mut evidence = Evidence {
                items,
                counted: &one.counted,
                elsewhere: &elsewhere,
                answers: BTreeMap::new(),
                unanswered: one.unanswered,
            };
            if !one.found.surplus.is_empty() {
                evidence.unanswered = evidence.unanswered.or_else(|| failure.clone());
            }
            if evidence.unanswered.is_none() {
                let samples = samples(&one.found, items, &one.counted, self.seed, most);
                self.ask(&samples, one.stock, &mut evidence).await;
            }
            states.push(index_of(one.stock, one.found.judged(evidence)));
        }
        states
    }

    /// The products with a row that no counted source explains, and with items in other sources. Composite products have
    /// none there.
    async fn elsewhere(&self, compared: &[Compared<'_>]) -> Result<BTreeSet<Sku>, String> {
        let surplus = compared.iter().flat_map(|one| &one.found.surplus);
        let skus: BTreeSet<&Sku> = surplus.map(|one| &one.sku).collect();
        if skus.is_empty() {
            return Ok(BTreeSet::new());
        }
        let skus: Vec<&Sku> = skus.into_iter().collect();
        let items = complete(self.reader.items_of_products(&skus).await)?;
        Ok(items.into_iter().map(|item| item.sku).collect())
    }

    /// Asks for salable quantities. A request that fails ends it, since the next ones would fail as well; an answer about one
    /// product does not.
    async fn ask(&self, samples: &[Sku], stock: &Stock, evidence: &mut Evidence<'_>) {
        let mut missing = 0;
        for some in samples.chunks(AT_A_TIME) {
            let asked = self.ask_some(some, stock, evidence).await;
            match asked {
                Ok(without_row) => missing += without_row,
                Err(error) => {
                    evidence.unanswered = Some(with_hints(&error));
                    return;
                }
            }
            if missing >= PROOF_ENOUGH {
                return;
            }
        }
    }

    /// Asks for a few salable quantities; returns how many are 0 though the catalogue has the product.
    async fn ask_some(
        &self,
        skus: &[Sku],
        stock: &Stock,
        evidence: &mut Evidence<'_>,
    ) -> Result<usize, ApiError> {
        let mut zeros: Vec<&Sku> = Vec::new();
        for sku in skus {
            let salable = self.reader.salable_quantity(sku, stock.id).await?;
            if salable == Some(Quantity::ZERO) {
                zeros.push(sku);
            } else {
                evidence.answers.insert(sku.clone(), salable);
            }
        }
        let known = match stock.channels.first() {
            Some(channel) if !zeros.is_empty() => self.reader.in_catalogue(&zeros, channel).await?,
            _ => BTreeSet::new(),
        };
        let answers = zeros.into_iter().map(|sku| {
            let salable = known.contains(sku).then_some(Quantity::ZERO);
            (sku.clone(), salable)
        });
        evidence.answers.extend(answers);
        Ok(known.len())
    }
}

fn index_of(stock: &Stock, index: IndexState) -> StockIndex {
    StockIndex {
        stock_id: stock.id,
        name: stock.name.clone(),
        index,
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

/// An error with its hints.
fn with_hints(error: &ApiError) -> String {
    let mut text = error.to_string();
    for hint in &error.hints {
        text.push_str("; ");
        text.push_str(hint);
    }
    text
}
