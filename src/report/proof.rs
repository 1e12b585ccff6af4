//! The proof of an apply by a read after the writes, as data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::reconcile::Plan;
use crate::run::{Applied, ExternalChange, Proof};

/// The proof by a read after the writes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProofReport {
    /// Every link of every changed stock is as wanted; of every compared stock if there was nothing to change.
    Converged,
    /// Some links are not as wanted.
    Left {
        /// The plan of what is left.
        plan: Box<Plan>,
        /// The links that somebody else changed during the run.
        changed_by_others: Vec<ExternalChange>,
        /// The links that were written and are still read as they were before.
        not_arrived: Vec<ExternalChange>,
    },
    /// All that was read is as wanted, and the read may be incomplete.
    #[serde(rename = "doubtful")]
    Incomplete {
        /// The reasons.
        doubts: Vec<String>,
    },
    /// The live state could not be read or no longer fits the files.
    Unknown {
        /// The error.
        message: String,
    },
}

impl From<&Applied> for ProofReport {
    fn from(applied: &Applied) -> Self {
        match &applied.proof {
            Proof::Converged => Self::Converged,
            Proof::Left(plan) => Self::Left {
                plan: plan.clone(),
                changed_by_others: applied.external.clone(),
                not_arrived: applied.not_arrived.clone(),
            },
            Proof::Incomplete(reasons) => Self::Incomplete {
                doubts: reasons.clone(),
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
