//! The state of each stock's index, and the verdict on several stocks.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Mismatch;
use crate::model::{StockId, StockName};

/// The reason where no row tells anything.
const NOTHING_COMPARED: &str = "links and source items foretell rows, and no product shows the quantity of its row: their \
     stock is not managed, or they are on none of the stock's websites";

/// The reason where rows change from check to check, and none matches.
const NEVER_MATCHED: &str =
    "its rows change right now, and none of them was as links and source items want in any check";

/// The state of a stock's index, compared with the prediction from links and source items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// Every predictable row matches.
    Matches {
        /// How much of the index that says.
        #[serde(flatten)]
        extent: Extent,
    },
    /// Some rows differ from the prediction.
    Stale {
        /// How much of the index matches.
        #[serde(flatten)]
        extent: Extent,
        /// The differing products, by SKU.
        mismatches: Vec<Mismatch>,
        /// Why some requests had no answer: without the differences, the state would be unknown.
        #[serde(skip)]
        unanswered: Option<String>,
    },
    /// No website sells from the stock. The shop does not show its index, and no customer sees a stale quantity.
    Unsold,
    /// The state is unknown.
    Unknown {
        /// The reason.
        reason: String,
    },
}

impl IndexState {
    /// True if every predictable row matches, and none was left out for the requests that it would cost.
    pub fn matches_whole(&self) -> bool {
        matches!(self, Self::Matches { extent } if extent.not_asked == 0)
    }
}

/// How much of a stock's index is proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extent {
    /// Products whose row matches: as it is shown, or by their salable quantity where it is not.
    pub skus: usize,
    /// Products that links and source items foretell a row of. Those that neither match nor differ are in `not_predicted`.
    #[serde(default)]
    pub predicted: usize,
    /// Products without a prediction: composite products, products that do not manage stock, and products on none of the
    /// stock's websites whose salable quantity does not tell.
    pub not_predicted: usize,
    /// Products among these whose row is not shown, and whose salable quantity was not asked, since each costs a request.
    /// Another run asks others.
    #[serde(default)]
    pub not_asked: usize,
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
                extent,
                mismatches,
                unanswered,
            } => {
                let (both, moved): (Vec<_>, Vec<_>) = mismatches
                    .into_iter()
                    .partition(|one| stood.contains(&(&one.sku, one.indexed)));
                if both.is_empty() && extent.skus == 0 {
                    // Each row was wrong in both checks, though not in the same way.
                    let reason = unanswered.unwrap_or_else(|| NEVER_MATCHED.to_owned());
                    return Self::Unknown { reason };
                }
                let not_predicted = extent.not_predicted + moved.len();
                Self::of(
                    Extent {
                        not_predicted,
                        ..extent
                    },
                    both,
                    unanswered,
                )
            }
            later => later,
        }
    }

    /// `Stale` if there are mismatches, whatever had no answer. Otherwise a missing answer, or that no row at all could be
    /// compared, leaves it unknown.
    pub(super) fn of(extent: Extent, mismatches: Vec<Mismatch>, unanswered: Option<String>) -> Self {
        if !mismatches.is_empty() {
            return Self::Stale {
                extent,
                mismatches,
                unanswered,
            };
        }
        let nothing_compared = extent.skus == 0 && extent.predicted > 0;
        match unanswered {
            Some(reason) => Self::Unknown { reason },
            None if nothing_compared => Self::Unknown {
                reason: NOTHING_COMPARED.to_owned(),
            },
            None => Self::Matches { extent },
        }
    }
}
