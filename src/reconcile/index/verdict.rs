//! What is known of the index of each stock, and what that comes to.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Mismatch;
use crate::model::{StockId, StockName};

/// Whether the index of a stock is what links and source items predict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// Every row that can be predicted is as predicted.
    Matches {
        /// Products whose row was compared.
        skus: usize,
        /// Products for which nothing is predicted: composite ones, those whose stock is not managed, those that none of the
        /// stock's websites shows.
        not_predicted: usize,
    },
    /// Rows are not as predicted.
    Stale {
        /// Products whose row is as predicted.
        skus: usize,
        /// Products for which nothing is predicted.
        not_predicted: usize,
        /// The products, by SKU.
        mismatches: Vec<Mismatch>,
    },
    /// No website sells from the stock, so that the shop does not show its index, and nobody is sold a stale quantity.
    Unsold,
    /// It cannot be told.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// The index of one stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockIndex {
    /// The stock's id.
    pub stock_id: StockId,
    /// The stock's name.
    pub name: StockName,
    /// What is known of its index.
    #[serde(flatten)]
    pub index: IndexState,
}

/// The verdict on the indexes of several stocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexVerdict {
    /// Every index matches links and source items.
    Proven,
    /// No index is known to be stale, but some could not be checked.
    Unknown,
    /// An index is stale.
    Stale,
}

impl IndexVerdict {
    /// The worst of several; proven for none.
    #[must_use]
    pub fn of(stocks: &[StockIndex]) -> Self {
        let each = stocks.iter().map(|stock| match stock.index {
            IndexState::Matches { .. } | IndexState::Unsold => Self::Proven,
            IndexState::Unknown { .. } => Self::Unknown,
            IndexState::Stale { .. } => Self::Stale,
        });
        each.max().unwrap_or(Self::Proven)
    }
}

impl IndexState {
    /// What two looks one after the other agree on: quantities of a living shop move between the reads of one look. A row
    /// that is wrong in both and stood still is stale, also when what it should be has moved.
    #[must_use]
    pub fn confirmed_by(self, later: Self) -> Self {
        let before = match self {
            Self::Stale { mismatches, .. } => mismatches,
            _ => Vec::new(),
        };
        let stood: BTreeSet<_> = before.iter().map(|one| (&one.sku, one.indexed)).collect();
        match later {
            Self::Stale {
                skus,
                not_predicted,
                mismatches,
            } => {
                let (both, moved): (Vec<_>, Vec<_>) = mismatches
                    .into_iter()
                    .partition(|one| stood.contains(&(&one.sku, one.indexed)));
                Self::of(skus, not_predicted + moved.len(), both)
            }
            later => later,
        }
    }

    /// Stale where there are mismatches.
    pub(super) fn of(skus: usize, not_predicted: usize, mismatches: Vec<Mismatch>) -> Self {
        if mismatches.is_empty() {
            Self::Matches { skus, not_predicted }
        } else {
            Self::Stale {
                skus,
                not_predicted,
                mismatches,
            }
        }
    }
}
