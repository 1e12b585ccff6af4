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
    /// Rows of products without a quantity of their own, and products that need no row.
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
        self.matching == 0 && self.different.is_empty() && self.unseen.is_empty() && self.surplus.is_empty()
    }
}

/// Compares a stock's predicted rows with the shown ones. Shown rows may come in any order and repeat.
#[must_use]
pub fn compare(predicted: &BTreeMap<Sku, Quantity>, shown: &[IndexRow]) -> Comparison {
    let mut found = Comparison::default();
    let mut seen: BTreeSet<&Sku> = BTreeSet::new();
    for row in shown {
        if !seen.insert(&row.sku) {
            continue;
        }
        let Some(indexed) = row.quantity else {
            found.not_predicted += 1;
            continue;
        };
        let predicted = predicted.get(&row.sku).copied();
        let mismatch = || Mismatch {
            sku: row.sku.clone(),
            predicted,
            indexed: Some(indexed),
        };
        match predicted {
            Some(quantity) if quantity == indexed || quantity.as_indexed() == indexed => found.matching += 1,
            Some(_) => found.different.push(mismatch()),
            None => found.surplus.push(mismatch()),
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
