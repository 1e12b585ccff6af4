//! What a full read after the writes shows, as data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{SourceCode, StockId, StockName};
use crate::reconcile::Plan;
use crate::run::{Applied, ExternalChange, Proof};

/// The proof by a full read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProofReport {
    /// Every link of every owned stock is as wanted.
    Converged,
    /// Something is not as wanted.
    Left {
        /// The plan of what is left.
        plan: Box<Plan>,
        /// The links that somebody else changed while the run was at work.
        changed_by_others: Vec<ExternalChangeReport>,
        /// The links that were written and are still read as they were before.
        not_arrived: Vec<ExternalChangeReport>,
    },
    /// All that was read is as wanted, and the read may be incomplete.
    Doubtful {
        /// Why.
        doubts: Vec<String>,
    },
    /// The live state could not be read or no longer fits the files.
    Unknown {
        /// What happened.
        message: String,
    },
}

/// A link that is not as the run left it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ExternalChangeReport {
    /// The stock's id.
    pub stock_id: StockId,
    /// The stock's name.
    pub stock: StockName,
    /// The source.
    pub source_code: SourceCode,
    /// The priority that the run left it with; `null` for no link.
    pub left: Option<u16>,
    /// The priority that the proof found; `null` for no link.
    pub found: Option<u16>,
}

impl From<&ExternalChange> for ExternalChangeReport {
    fn from(change: &ExternalChange) -> Self {
        Self {
            stock_id: change.stock_id,
            stock: change.stock.clone(),
            source_code: change.source_code.clone(),
            left: change.left,
            found: change.found,
        }
    }
}

impl From<&Applied> for ProofReport {
    fn from(applied: &Applied) -> Self {
        match &applied.proof {
            Proof::Converged => Self::Converged,
            Proof::Left(plan) => Self::Left {
                plan: plan.clone(),
                changed_by_others: applied.foreign.iter().map(Into::into).collect(),
                not_arrived: applied.not_arrived.iter().map(Into::into).collect(),
            },
            Proof::Doubtful(doubts) => Self::Doubtful {
                doubts: doubts.clone(),
            },
            Proof::Unreadable(error) => Self::Unknown {
                message: error.to_string(),
            },
            Proof::Unplannable(error) => Self::Unknown {
                message: error.to_string(),
            },
        }
    }
}
