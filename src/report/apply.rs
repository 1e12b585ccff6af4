//! The report of an apply as data: each change with its result, the proof, the reindex.

use schemars::JsonSchema;
use serde::Serialize;

use super::index::IndexReport;
use super::proof::ProofReport;
use super::reindex::ReindexReport;
use crate::reconcile::{Change, Plan, StockPlan};
use crate::run::{Applied, ApplyDone, ChangeResult, Exit, ReindexBy, RenamedStock};

/// The version of the report's JSON.
pub const APPLY_FORMAT: u32 = 1;

/// The report of an apply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake apply report")]
pub struct ApplyReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: Exit,
    /// The plan that was applied.
    pub plan: Plan,
    /// The pre-image file, for `rollback`; none when there was nothing to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_image: Option<String>,
    /// Each change with its result, by stock.
    pub stocks: Vec<StockReport>,
    /// The reason why the writes ended early, if they did.
    pub stopped_by: Option<String>,
    /// The shop's message about the first link that it refused, whether or not that stopped the writes.
    pub refusal: Option<String>,
    /// Advice, one sentence each.
    pub hints: Vec<String>,
    /// The proof by a read after the writes.
    pub proof: ProofReport,
    /// The stocks that somebody renamed during the run; they are proven by their id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<RenamedStock>,
    /// The outcome of the reindex.
    pub reindex: ReindexReport,
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
    /// The proof of the index, where one was wanted and the reindex succeeded.
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
    /// Its result.
    pub result: ChangeResult,
    /// The shop's message about this link, or the reason why it was not tried, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<&ApplyDone> for ApplyReport {
    fn from(done: &ApplyDone) -> Self {
        Self::new(done.plan.plan(), &done.applied, done.exit)
    }
}

impl ApplyReport {
    /// The report of an applied plan.
    pub fn new(plan: &Plan, applied: &Applied, exit_code: Exit) -> Self {
        let results = &applied.links.results;
        let change = |stock: &StockPlan, change: &Change| {
            let result = results.of(stock.stock_id, change.source_code());
            ChangeReport {
                change: change.clone(),
                result: result.result(),
                reason: result.reason().map(ToOwned::to_owned),
            }
        };
        let changed = plan.stocks.iter().filter(|stock| !stock.in_sync());
        let stocks = changed.map(|stock| StockReport {
            stock_id: stock.stock_id.0,
            name: stock.name.as_str().to_owned(),
            changes: stock.changes.iter().map(|found| change(stock, found)).collect(),
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
            renamed: applied.renamed.clone(),
            reindex: (&applied.reindex).into(),
            reindex_by: applied.reindex_by,
            index: applied.index.as_ref().map(Into::into),
        }
    }
}
