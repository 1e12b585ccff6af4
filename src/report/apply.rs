//! The report of an apply as data: what was done, what failed, what is unknown, what was not tried.

use schemars::JsonSchema;
use serde::Serialize;

use super::index::IndexReport;
use crate::engine::{Applied, ChangeResult, Proof, ReindexOutcome, StepReport};
use crate::reconcile::{Change, Plan};

/// The version of the report's JSON.
pub const APPLY_FORMAT: u32 = 1;

/// What came of an apply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake apply report")]
pub struct ApplyReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: u8,
    /// The plan that was carried out.
    pub plan: Plan,
    /// Each change with its result, by stock.
    pub stocks: Vec<StockReport>,
    /// What stopped the writes, if something did.
    pub stopped_by: Option<String>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// What a full read after the writes shows.
    pub proof: ProofReport,
    /// What came of the reindex.
    pub reindex: ReindexReport,
    /// The proof of the index, where one was wanted and the reindex came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

/// The changes of one stock with their results.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StockReport {
    /// The stock's id.
    pub stock_id: u32,
    /// The stock's name.
    pub name: String,
    /// The changes.
    pub changes: Vec<ChangeReport>,
}

/// One change with its result.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// The change, as in the plan.
    #[serde(flatten)]
    pub change: Change,
    /// What came of it.
    pub result: ChangeResult,
}

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
    },
    /// The live state could not be read or no longer fits the files.
    Unknown {
        /// What happened.
        message: String,
    },
}

/// The reindex.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReindexReport {
    /// No link was created or deleted, and none was owed.
    NotNeeded,
    /// All steps succeeded; they started after the last write.
    Done {
        /// The steps.
        steps: Vec<StepReport>,
    },
    /// It is left to the shop's cron; quantities are stale until that has run.
    LeftToCron,
    /// A person said that the shop has reindexed by itself; none is owed any more.
    Declared,
    /// A step failed; the reindex is owed.
    Failed {
        /// The steps up to the one that failed.
        steps: Vec<StepReport>,
    },
    /// It was not tried and is owed.
    NotTried,
}

impl From<&ReindexOutcome> for ReindexReport {
    fn from(outcome: &ReindexOutcome) -> Self {
        match outcome {
            ReindexOutcome::NotNeeded => Self::NotNeeded,
            ReindexOutcome::Done(steps) => Self::Done { steps: steps.clone() },
            ReindexOutcome::LeftToCron => Self::LeftToCron,
            ReindexOutcome::Failed(steps) => Self::Failed { steps: steps.clone() },
            ReindexOutcome::NotTried => Self::NotTried,
        }
    }
}

impl ApplyReport {
    /// Writes down what came of carrying out a plan.
    pub fn new(plan: &Plan, applied: &Applied, exit_code: u8) -> Self {
        let stocks = plan
            .stocks
            .iter()
            .zip(&applied.links.results)
            .filter(|(stock, _)| !stock.in_sync());
        let stocks = stocks.map(|(stock, results)| StockReport {
            stock_id: stock.stock_id.0,
            name: stock.name.as_str().to_owned(),
            changes: stock
                .changes
                .iter()
                .zip(results)
                .map(|(change, result)| ChangeReport {
                    change: change.clone(),
                    result: *result,
                })
                .collect(),
        });
        let stop = applied.links.stopped_by.as_ref();
        Self {
            format_version: APPLY_FORMAT,
            exit_code,
            plan: plan.clone(),
            stocks: stocks.collect(),
            stopped_by: stop.map(ToString::to_string),
            hints: stop.map(|stop| stop.hints().to_vec()).unwrap_or_default(),
            proof: proof(&applied.proof),
            reindex: (&applied.reindex).into(),
            index: applied.index.as_ref().map(Into::into),
        }
    }
}

fn proof(proof: &Proof) -> ProofReport {
    match proof {
        Proof::Converged => ProofReport::Converged,
        Proof::Left(plan) => ProofReport::Left { plan: plan.clone() },
        Proof::Unreadable(error) => ProofReport::Unknown {
            message: error.to_string(),
        },
        Proof::Unplannable(error) => ProofReport::Unknown {
            message: error.to_string(),
        },
    }
}
