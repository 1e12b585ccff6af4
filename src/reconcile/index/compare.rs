//! Predicted rows against shown ones; what they cannot settle by themselves waits for evidence.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{IndexRow, Quantity, Sku};

/// A product whose row is not what links and source items predict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// The product.
    pub sku: Sku,
    /// What is predicted; `None` when there should be no row.
    pub predicted: Option<Quantity>,
    /// What the index shows; `None` when it has no row.
    pub indexed: Option<Quantity>,
}

/// What a comparison shows by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Products whose row is as predicted.
    pub matching: usize,
    /// Rows of products without a quantity of their own, and products without a row for which none is missed.
    pub not_predicted: usize,
    /// Rows with another quantity than predicted.
    pub different: Vec<Mismatch>,
    /// Products that should have a row and are not shown. The shop shows no product that is on none of the stock's websites
    /// or not in the catalogue, so that this alone proves nothing.
    pub unseen: Vec<Mismatch>,
    /// Rows of products of which no counted source has an item. A composite product has such a row, so that this alone
    /// proves nothing.
    pub surplus: Vec<Mismatch>,
}

impl Comparison {
    /// Whether nothing at all was compared.
    pub fn is_silent(&self) -> bool {
        self.matching == 0 && self.different.is_empty() && self.unseen.is_empty() && self.surplus.is_empty()
    }
}

/// Compares the rows that a stock must have with those that are shown, in any order and more than once each.
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
            // Without a row it is not salable, and with one of quantity 0 neither.
            found.not_predicted += 1;
        }
    }
    found
}
