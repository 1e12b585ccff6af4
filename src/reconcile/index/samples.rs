//! Selects the products whose salable quantity is asked, by a seed.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::Comparison;
use crate::model::{Sku, SourceCode, SourceItem};

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
    if open.is_empty() {
        return Vec::new();
    }
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
pub(super) fn in_stock<'a>(
    items: &'a [SourceItem],
    counted: &BTreeSet<&SourceCode>,
) -> impl Iterator<Item = &'a SourceItem> {
    let adds =
        |item: &&SourceItem| item.in_stock && item.quantity.is_positive() && counted.contains(&item.source);
    items.iter().filter(adds)
}

/// Products in an order that a seed decides.
fn shuffled(mut skus: Vec<&Sku>, seed: u64) -> std::vec::IntoIter<&Sku> {
    skus.sort_by_cached_key(|sku| rank(sku.as_str(), seed));
    skus.into_iter()
}

/// A number that looks random: FNV-1a of the text, begun with the seed and finished as `SplitMix64` does.
fn rank(text: &str, seed: u64) -> u64 {
    let hash = text.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::samples;
    use crate::model::{Quantity, Sku, SourceCode, SourceItem};
    use crate::reconcile::index::compare;

    #[test]
    fn samples_are_of_every_source_and_differ_by_the_seed() {
        let sources = ["a", "b"].map(SourceCode::from_server);
        let skus = (0..100).map(|number| (0, format!("P-{number}")));
        let skus = skus.chain([(1, "Q-1".to_owned()), (1, "Q-2".to_owned())]);
        let item = |(source, sku): (usize, String)| SourceItem {
            source: sources[source].clone(),
            sku: Sku::new(&sku),
            quantity: Quantity::from_units(1.0),
            in_stock: true,
        };
        let items: Vec<SourceItem> = skus.map(item).collect();
        let predicted: BTreeMap<Sku, Quantity> = items
            .iter()
            .map(|item| (item.sku.clone(), item.quantity))
            .collect();
        let found = compare(&predicted, &[]);
        let counted: BTreeSet<&SourceCode> = sources.iter().collect();
        let sample = |seed, most| samples(&found, &items, &counted, seed, most);
        assert_eq!(sample(1, 10), sample(1, 10));
        assert_ne!(sample(1, 10), sample(2, 10));
        assert_eq!(sample(1, 1_000).len(), 102);
        let of_b = sample(3, 10);
        let of_b = of_b.iter().filter(|sku| sku.as_str().starts_with('Q'));
        assert_eq!((sample(3, 10).len(), of_b.count()), (10, 2));
        let asked: BTreeSet<Sku> = (0..40).flat_map(|seed| sample(seed, 20)).collect();
        assert_eq!(asked.len(), 102, "each is asked at some time");
    }
}
