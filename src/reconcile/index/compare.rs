//! Compares predicted with shown index rows. Undecided rows need evidence from further requests.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{IndexRow, Quantity, Sku};

/// A product whose index row differs from the prediction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// The product.
    pub sku: Sku,
    /// The predicted quantity; null if there should be no row.
    pub predicted: Option<Quantity>,
    /// The quantity in the index; null if there is no row.
    pub indexed: Option<Quantity>,
}

/// The result of a comparison, before further evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Products whose row matches.
    pub matching: usize,
    /// The greatest quantity of a matching row that is not salable: reservations and thresholds withhold that much of a
    /// product in this stock. Zero if there is no such row.
    pub withheld: Quantity,
    /// Predicted products whose row hides its quantity ([`IndexRow::hides_its_quantity`]).
    pub hidden: Vec<Mismatch>,
    /// Rows of other products that hide their quantity, and products that need no row.
    pub not_predicted: usize,
    /// Rows whose quantity differs.
    pub different: Vec<Mismatch>,
    /// Products that should have a row and are not shown. The shop hides products that are not in the catalogue or on none of
    /// the stock's websites, so this alone proves nothing.
    pub unseen: Vec<Mismatch>,
    /// Rows of products without an item in any counted source. Composite products have such rows, so this alone proves
    /// nothing.
    pub surplus: Vec<Mismatch>,
}

impl Comparison {
    /// True if no row was compared.
    pub fn is_silent(&self) -> bool {
        self.matching == 0
            && self.hidden.is_empty()
            && self.different.is_empty()
            && self.unseen.is_empty()
            && self.surplus.is_empty()
    }

    /// The number of products that should have a row, or have one as predicted.
    pub(super) fn predicted(&self) -> usize {
        self.matching + self.hidden.len() + self.different.len() + self.unseen.len()
    }

    /// True if the rows leave something open that a salable quantity may tell.
    pub fn has_open(&self) -> bool {
        self.open().next().is_some()
    }

    /// The products whose salable quantity may tell what their row does not: those that are not shown, and where no row
    /// tells anything those that hide their quantity.
    pub(super) fn open(&self) -> impl Iterator<Item = &Mismatch> {
        let tells = self.matching > 0 || !self.different.is_empty();
        let hidden = self.hidden.iter().filter(move |_| !tells);
        self.unseen.iter().chain(hidden)
    }
}

/// Compares a stock's predicted rows with the shown ones. Shown rows may come in any order and repeat.
#[must_use]
pub fn compare(predicted: &BTreeMap<Sku, Quantity>, shown: &[IndexRow]) -> Comparison {
    let mut found = Comparison::default();
    let mut seen: BTreeSet<&Sku> = BTreeSet::new();
    for row in shown {
        if seen.insert(&row.sku) {
            found.take(row, predicted.get(&row.sku).copied());
        }
    }
    for (sku, quantity) in predicted.iter().filter(|(sku, _)| !seen.contains(sku)) {
        if quantity.is_positive() {
            found.unseen.push(Mismatch {
                sku: sku.clone(),
                predicted: Some(*quantity),
                indexed: None,
            });
        } else {
            // Without a row it is not salable, as with a row of quantity 0.
            found.not_predicted += 1;
        }
    }
    found
}

impl Comparison {
    /// Takes in a shown row.
    fn take(&mut self, row: &IndexRow, predicted: Option<Quantity>) {
        let mismatch = || Mismatch {
            sku: row.sku.clone(),
            predicted,
            indexed: row.quantity,
        };
        match (predicted, row.quantity) {
            (Some(wanted), _) if row.hides_its_quantity() && wanted.is_positive() => {
                self.hidden.push(mismatch());
            }
            // Where nothing is predicted, a row that says nothing agrees by chance.
            (_, _) if row.hides_its_quantity() => self.not_predicted += 1,
            (Some(wanted), Some(indexed)) if wanted == indexed || wanted.as_indexed() == indexed => {
                self.matching += 1;
                if row.salable == Some(false) {
                    self.withheld = self.withheld.max(indexed);
                }
            }
            (Some(_), _) => self.different.push(mismatch()),
            (None, _) => self.surplus.push(mismatch()),
        }
    }
}
