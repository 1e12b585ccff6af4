//! Selects products for further requests, and decides a comparison by their answers.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::compare::{Comparison, Mismatch};
use super::verdict::{Extent, IndexState};
use crate::model::{Quantity, Sku, SourceCode, SourceItem};

/// The answers of further requests about one stock, with what its rows are built from.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The source items that the prediction was made of.
    pub items: &'a [SourceItem],
    /// The stock's counted sources.
    pub counted: &'a BTreeSet<&'a SourceCode>,
    /// Surplus products with items in other sources. Composite products have none there.
    pub elsewhere: &'a BTreeSet<Sku>,
    /// The salable quantities that were asked; `None` where the answer says nothing of the index.
    pub answers: BTreeMap<Sku, Option<Quantity>>,
    /// Why some requests had no answer; `None` if each had one.
    pub unanswered: Option<String>,
}

/// Selects at most `most` products to ask about, by a seed: each counted source that has them in stock gives one in turn, so
/// that a link that the index lacks is found as well as single rows that were lost.
#[must_use]
pub fn samples(
    comparison: &Comparison,
    items: &[SourceItem],
    counted: &BTreeSet<&SourceCode>,
    seed: u64,
    most: usize,
) -> Vec<Sku> {
    let open: BTreeSet<&Sku> = comparison.open().map(|one| &one.sku).collect();
    let mut by_source: BTreeMap<&SourceCode, Vec<&Sku>> = BTreeMap::new();
    for item in in_stock(items, counted).filter(|item| open.contains(&item.sku)) {
        by_source.entry(&item.source).or_default().push(&item.sku);
    }
    let mut queues: Vec<_> = by_source.into_values().map(|skus| shuffled(skus, seed)).collect();
    let mut samples: BTreeSet<&Sku> = BTreeSet::new();
    while samples.len() < most && !queues.is_empty() {
        queues.retain_mut(|queue| {
            let next = queue.find(|sku| !samples.contains(sku));
            next.is_some_and(|sku| samples.len() == most || samples.insert(sku))
        });
    }
    samples.into_iter().cloned().collect()
}

/// The items that add to a stock's index.
fn in_stock<'a>(
    items: &'a [SourceItem],
    counted: &BTreeSet<&SourceCode>,
) -> impl Iterator<Item = &'a SourceItem> {
    let adds = |item: &&SourceItem| {
        item.in_stock && item.quantity.is_positive() && counted.contains(&item.source)
    };
    items.iter().filter(adds)
}

/// Products in an order that a seed decides.
fn shuffled(mut skus: Vec<&Sku>, seed: u64) -> std::vec::IntoIter<&Sku> {
    skus.sort_by_cached_key(|sku| {
        let mut hasher = DefaultHasher::new();
        (seed, sku.as_str()).hash(&mut hasher);
        hasher.finish()
    });
    skus.into_iter()
}

impl Evidence<'_> {
    /// True if a product's salable quantity is what links and source items foretell of its row.
    fn confirms(&self, one: &Mismatch) -> bool {
        match (self.answers.get(&one.sku), one.predicted) {
            (Some(Some(salable)), Some(predicted)) => {
                *salable == predicted || *salable == predicted.as_indexed()
            }
            _ => false,
        }
    }
}

impl Comparison {
    /// Decides the comparison by the evidence.
    #[must_use]
    pub fn judged(mut self, evidence: Evidence<'_>) -> IndexState {
        let missing = self.missing(&evidence);
        let confirmed = self.open().filter(|one| evidence.confirms(one)).count();
        let undecided = self.hidden.len() + self.unseen.len() - missing.len() - confirmed;
        let not_asked = self.unseen.iter().filter(|one| !evidence.answers.contains_key(&one.sku));
        let not_asked = not_asked.count();
        let (skus, predicted) = (self.matching + confirmed, self.predicted());
        let (extra, composite): (Vec<_>, Vec<_>) = std::mem::take(&mut self.surplus)
            .into_iter()
            .partition(|one| evidence.elsewhere.contains(&one.sku));
        let extent = Extent {
            skus,
            predicted,
            not_predicted: self.not_predicted + composite.len() + undecided,
            not_asked,
        };
        let mut mismatches = [self.different, missing, extra].concat();
        mismatches.sort();
        IndexState::of(extent, mismatches, evidence.unanswered)
    }

    /// The unseen products whose row is missing. A salable quantity of 0 says so, unless reservations or a threshold explain
    /// it: the index shows the links of all sources of the product, and rows of as many units that are not salable.
    fn missing(&self, evidence: &Evidence<'_>) -> Vec<Mismatch> {
        let zero = |one: &&Mismatch| evidence.answers.get(&one.sku) == Some(&Some(Quantity::ZERO));
        let zeros: Vec<&Mismatch> = self.unseen.iter().filter(zero).collect();
        if zeros.is_empty() {
            return Vec::new();
        }
        let shown = self.shown_sources(evidence);
        let suspects: BTreeSet<&Sku> = zeros.iter().map(|one| &one.sku).collect();
        let unshown: BTreeSet<&Sku> = in_stock(evidence.items, evidence.counted)
            .filter(|item| suspects.contains(&item.sku) && !shown.contains(&item.source))
            .map(|item| &item.sku)
            .collect();
        let is_explained =
            |one: &Mismatch| one.predicted <= Some(self.withheld) && !unshown.contains(&one.sku);
        zeros.into_iter().filter(|one| !is_explained(one)).cloned().collect()
    }

    /// The counted sources that some product's quantity in the index contains: their links are in the index.
    fn shown_sources<'a>(&self, evidence: &Evidence<'a>) -> BTreeSet<&'a SourceCode> {
        let open = self.unseen.iter().chain(&self.hidden);
        let open = open.filter(|one| !evidence.confirms(one));
        let unproven: BTreeSet<&Sku> = self.different.iter().chain(open).map(|one| &one.sku).collect();
        in_stock(evidence.items, evidence.counted)
            .filter(|item| !unproven.contains(&item.sku))
            .map(|item| &item.source)
            .collect()
    }
}
