//! The report of an apply as data: what was done, what failed, what is unknown, what was not tried.

use schemars::JsonSchema;
use serde::Serialize;

use super::index::IndexReport;
use super::proof::ProofReport;
use super::reindex::ReindexReport;
use crate::reconcile::{Change, Plan};
use crate::run::{Applied, ApplyDone, ChangeOutcome, ChangeResult, Exit};

/// The version of the report's JSON.
pub const APPLY_FORMAT: u32 = 1;

/// What came of an apply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake apply report")]
pub struct ApplyReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: Exit,
    /// The plan that was carried out.
    pub plan: Plan,
    /// The file that keeps what the stocks held before, for `rollback`; none when there was nothing to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_image: Option<String>,
    /// Each change with its result, by stock.
    pub stocks: Vec<StockReport>,
    /// What stopped the writes, if something did.
    pub stopped_by: Option<String>,
    /// What the shop said of the first link that it refused, whether or not that stopped the writes.
    pub refusal: Option<String>,
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
    /// What the shop said of this very link, or why it was not tried, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ChangeReport {
    fn new(change: &Change, outcome: &ChangeOutcome) -> Self {
        Self {
            change: change.clone(),
            result: outcome.result,
            reason: outcome.reason.clone(),
        }
    }
}

impl From<&ApplyDone> for ApplyReport {
    fn from(done: &ApplyDone) -> Self {
        Self::new(done.plan.plan(), &done.applied, done.exit)
    }
}

impl ApplyReport {
    /// Writes down what came of carrying out a plan.
    pub fn new(plan: &Plan, applied: &Applied, exit_code: Exit) -> Self {
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
                .map(|(change, outcome)| ChangeReport::new(change, outcome))
                .collect(),
        });
        let links = &applied.links;
        Self {
            format_version: APPLY_FORMAT,
            exit_code,
            plan: plan.clone(),
            pre_image: applied.pre_image.as_ref().map(|path| path.display().to_string()),
            stocks: stocks.collect(),
            stopped_by: links.stopped_by.as_ref().map(ToString::to_string),
            refusal: links.refusal.as_ref().map(ToString::to_string),
            hints: links.hints(),
            proof: applied.into(),
            reindex: (&applied.reindex).into(),
            index: applied.index.as_ref().map(Into::into),
        }
    }
}
