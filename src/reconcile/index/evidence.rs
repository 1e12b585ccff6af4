//! Selects products for further requests, and decides a comparison by their answers.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Comparison, Mismatch};
use super::verdict::IndexState;
use crate::model::{Sku, SourceCode, SourceItem};

/// The most samples of one source. A few suffice, since a link makes a whole source count.
const PER_SOURCE: usize = 3;

/// The most samples in all. Each costs one request.
const AT_MOST: usize = 60;

/// Selects unseen products to ask about: a few of each counted source that has them in stock.
#[must_use]
pub fn samples<'a>(
    comparison: &'a Comparison,
    items: &[SourceItem],
    counted: &BTreeSet<&SourceCode>,
) -> Vec<&'a Mismatch> {
    let unseen: BTreeMap<&Sku, &Mismatch> = comparison.unseen.iter().map(|one| (&one.sku, one)).collect();
    let mut taken: BTreeMap<&SourceCode, usize> = BTreeMap::new();
    let mut samples: BTreeMap<&Sku, &Mismatch> = BTreeMap::new();
    for item in items
        .iter()
        .filter(|item| item.in_stock && item.quantity.is_positive() && counted.contains(&item.source))
    {
        let Some(mismatch) = unseen.get(&item.sku) else {
            continue;
        };
        let number = taken.entry(&item.source).or_default();
        if *number < PER_SOURCE && samples.len() < AT_MOST {
            *number += 1;
            samples.insert(&mismatch.sku, *mismatch);
        }
    }
    samples.into_values().collect()
}

impl Comparison {
    /// Decides the comparison. `elsewhere` are surplus products with items in other sources; `missing` are unseen products
    /// that have no row.
    #[must_use]
    pub fn judged(mut self, elsewhere: &BTreeSet<Sku>, missing: &BTreeSet<Sku>) -> IndexState {
        let counted = |mismatches: Vec<Mismatch>, proven: &BTreeSet<Sku>| {
            let (proven, open): (Vec<_>, Vec<_>) =
                mismatches.into_iter().partition(|one| proven.contains(&one.sku));
            (proven, open.len())
        };
        let (extra, composite) = counted(std::mem::take(&mut self.surplus), elsewhere);
        let (missing, unseen) = counted(std::mem::take(&mut self.unseen), missing);
        let not_predicted = self.not_predicted + composite + unseen;
        let mut mismatches = [self.different, missing, extra].concat();
        mismatches.sort();
        IndexState::of(self.matching, not_predicted, mismatches)
    }
}
