//! The state of each stock's index, and the verdict on several stocks.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Mismatch;
use crate::model::{StockId, StockName};

/// The state of a stock's index, compared with the prediction from links and source items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// Every predictable row matches.
    Matches {
        /// Products whose row was compared.
        skus: usize,
        /// Products without a prediction: composite products, products that do not manage stock, and products on none of the
        /// stock's websites.
        not_predicted: usize,
    },
    /// Some rows differ from the prediction.
    Stale {
        /// Products whose row matches.
        skus: usize,
        /// Products without a prediction.
        not_predicted: usize,
        /// The differing products, by SKU.
        mismatches: Vec<Mismatch>,
    },
    /// No website sells from the stock. The shop does not show its index, and no customer sees a stale quantity.
    Unsold,
    /// The state is unknown.
    Unknown {
        /// The reason.
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
    /// The state of its index.
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
    /// The worst state of all; `Proven` for no stocks.
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
    /// Combines two checks, one after the other. Quantities of a live shop change between the reads of one check, so a row is
    /// stale only if both find it wrong and it did not change in between.
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

    /// `Stale` if there are mismatches.
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
