//! Decides a comparison by the answers to further requests.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Comparison, Mismatch};
use super::samples::in_stock;
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
        let not_asked = self
            .unseen
            .iter()
            .filter(|one| !evidence.answers.contains_key(&one.sku));
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
        zeros
            .into_iter()
            .filter(|one| !is_explained(one))
            .cloned()
            .collect()
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::Evidence;
    use crate::model::{IndexRow, Quantity, Sku, SourceCode, SourceItem};
    use crate::reconcile::index::{Comparison, Extent, IndexState, compare, samples};

    /// A stock with the sources `a` and `b`, whose items are `(source, SKU, quantity)`.
    struct Shop {
        sources: [SourceCode; 2],
        items: Vec<SourceItem>,
    }

    fn units(units: f64) -> Quantity {
        Quantity::from_units(units)
    }

    fn row(sku: &str, quantity: f64, salable: bool) -> IndexRow {
        IndexRow {
            sku: Sku::new(sku),
            quantity: Some(units(quantity)),
            salable: Some(salable),
        }
    }

    impl Shop {
        fn new(items: &[(&str, &str, f64)]) -> Self {
            let item = |(source, sku, quantity): &(&str, &str, f64)| SourceItem {
                source: SourceCode::from_server(source),
                sku: Sku::new(sku),
                quantity: units(*quantity),
                in_stock: true,
            };
            Self {
                sources: ["a", "b"].map(SourceCode::from_server),
                items: items.iter().map(item).collect(),
            }
        }

        fn counted(&self) -> BTreeSet<&SourceCode> {
            self.sources.iter().collect()
        }

        fn compare(&self, shown: &[IndexRow]) -> Comparison {
            let mut predicted: BTreeMap<Sku, Quantity> = BTreeMap::new();
            for item in &self.items {
                let sum = predicted.entry(item.sku.clone()).or_default();
                *sum = [*sum, item.quantity].into_iter().sum();
            }
            compare(&predicted, shown)
        }

        fn judge(
            &self,
            shown: &[IndexRow],
            answers: &[(&str, Option<f64>)],
            unanswered: Option<&str>,
        ) -> IndexState {
            let answer = |(sku, salable): &(&str, Option<f64>)| (Sku::new(sku), salable.map(units));
            self.compare(shown).judged(Evidence {
                items: &self.items,
                counted: &self.counted(),
                elsewhere: &BTreeSet::from([Sku::new("elsewhere")]),
                answers: answers.iter().map(answer).collect(),
                unanswered: unanswered.map(str::to_owned),
            })
        }
    }

    fn matches(skus: usize, predicted: usize, not_predicted: usize, not_asked: usize) -> IndexState {
        IndexState::Matches {
            extent: Extent {
                skus,
                predicted,
                not_predicted,
                not_asked,
            },
        }
    }

    fn stale_skus(state: &IndexState) -> Vec<&str> {
        match state {
            IndexState::Stale { mismatches, .. } => mismatches.iter().map(|one| one.sku.as_str()).collect(),
            state => panic!("{state:?}"),
        }
    }

    #[test]
    fn rows_that_hide_their_quantity_are_never_stale() {
        let shop = Shop::new(&[("a", "unmanaged", 16.0), ("a", "P-1", 3.0)]);
        // Also where no linked source has the product (17-003 of 2.4.8, NOMAN).
        let shown = [
            row("unmanaged", 0.0, true),
            row("elsewhere", 0.0, true),
            row("P-1", 3.0, true),
        ];
        assert_eq!(shop.judge(&shown, &[], None), matches(1, 2, 2, 0));
        let sold_out = [row("unmanaged", 0.0, false), row("P-1", 3.0, true)];
        assert_eq!(stale_skus(&shop.judge(&sold_out, &[], None)), ["unmanaged"]);
    }

    #[test]
    fn where_every_row_hides_its_quantity_the_salable_quantities_tell() {
        let shop = Shop::new(&[("a", "P-1", 3.0), ("a", "P-2", 4.0)]);
        let shown = [row("P-1", 0.0, true), row("P-2", 0.0, true)];
        assert_eq!(
            samples(&shop.compare(&shown), &shop.items, &shop.counted(), 1, 9).len(),
            2
        );
        let answers = [("P-1", Some(3.0)), ("P-2", Some(0.0))];
        assert_eq!(shop.judge(&shown, &answers, None), matches(1, 2, 1, 0));
        let unknown = shop.judge(&shown, &[("P-1", None), ("P-2", Some(1.0))], None);
        assert!(matches!(unknown, IndexState::Unknown { .. }), "{unknown:?}");
        // A row that says nothing agrees with nothing, also where 0 is foretold (P-09 at 17-306 of 2.4.8).
        let shop = Shop::new(&[("a", "P-1", 3.0), ("a", "P-09", 0.0)]);
        let shown = [row("P-1", 0.0, true), row("P-09", 0.0, true)];
        assert_eq!(
            samples(&shop.compare(&shown), &shop.items, &shop.counted(), 1, 9).len(),
            1
        );
        let unknown = shop.judge(&shown, &[], None);
        assert!(matches!(unknown, IndexState::Unknown { .. }), "{unknown:?}");
    }

    #[test]
    fn an_answer_proves_a_row_only_by_its_very_quantity() {
        let shop = Shop::new(&[
            ("a", "P-1", 3.0),
            ("a", "P-2", 4.0),
            ("a", "P-3", 5.0),
            ("a", "P-4", 6.0),
        ]);
        // Reservations and thresholds make it less, a negative threshold more (17-027), backorders even negative (17-079).
        let answers = [("P-2", Some(3.0)), ("P-3", Some(7.0)), ("P-4", Some(6.0))];
        let shown = [row("P-1", 3.0, true)];
        assert_eq!(shop.judge(&shown, &answers, None), matches(2, 4, 2, 0));
        assert_eq!(
            shop.judge(&shown, &[("P-2", Some(-3.0))], None),
            matches(1, 4, 3, 2)
        );
    }

    #[test]
    fn no_salable_quantity_is_no_row_unless_reservations_or_thresholds_explain_it() {
        let shop = Shop::new(&[
            ("a", "P-1", 5.0),
            ("a", "P-2", 4.0),
            ("a", "P-3", 9.0),
            ("b", "P-4", 4.0),
        ]);
        let zeros = [("P-2", Some(0.0)), ("P-3", Some(0.0)), ("P-4", Some(0.0))];
        let all = ["P-2", "P-3", "P-4"];
        assert_eq!(
            stale_skus(&shop.judge(&[row("P-1", 5.0, true)], &zeros, None)),
            all
        );
        // Five units of a product are withheld, so four may be; nine are not, and nothing shows the link of `b`.
        let withheld = shop.judge(&[row("P-1", 5.0, false)], &zeros, None);
        assert_eq!(stale_skus(&withheld), ["P-3", "P-4"]);
        // The product is not in the catalogue, or the shop refuses its SKU.
        let refused = all.map(|sku| (sku, None));
        assert_eq!(
            shop.judge(&[row("P-1", 5.0, true)], &refused, None),
            matches(1, 4, 3, 0)
        );
    }

    #[test]
    fn a_shown_row_that_is_stale_counts_also_when_questions_fail() {
        let shop = Shop::new(&[("a", "P-1", 5.0), ("a", "P-2", 4.0)]);
        let state = shop.judge(&[row("P-1", 6.0, true)], &[], Some("forbidden"));
        assert_eq!(stale_skus(&state), ["P-1"]);
        let reason = "forbidden".to_owned();
        let unknown = shop.judge(&[row("P-1", 5.0, true)], &[], Some("forbidden"));
        assert_eq!(
            unknown,
            IndexState::Unknown {
                reason: reason.clone()
            }
        );
        // A row that is wrong in another way at each look is not stale, and what had no answer stays open.
        let moved = shop.judge(&[row("P-1", 7.0, true)], &[], Some("forbidden"));
        assert_eq!(state.confirmed_by(moved), IndexState::Unknown { reason });
    }
}
