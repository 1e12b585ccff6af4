//! The status of a target: the Stocks grid of Admin, compared with the files.

use schemars::JsonSchema;
use serde::Serialize;

use super::index::IndexReport;
use crate::model::{LiveState, SourceCode, Stock, StockName};
use crate::reconcile::{Plan, PlanScope, TargetLabel};
use crate::run::ReindexBy;

/// The version of the status's JSON.
pub const STATUS_FORMAT: u32 = 1;

/// The current state of a target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake status")]
pub struct StatusReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The target.
    pub target: TargetLabel,
    /// False if there is no inventory file to compare with.
    pub compared: bool,
    /// The stocks that were named; left out if all are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<PlanScope>,
    /// Every stock, or those that were named, by id.
    pub stocks: Vec<StockStatus>,
    /// Why the live state may be incomplete; empty when it is complete.
    pub doubts: Vec<String>,
    /// True if a reindex is owed, according to this state directory.
    pub reindex_owed: bool,
    /// The last event that owes it, RFC 3339, UTC: an index run that starts later settles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub owed_since: Option<jiff::Timestamp>,
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
    /// The index of every stock but the Default Stock, with `--prove index`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

/// The current state of one stock.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StockStatus {
    /// Its id.
    pub stock_id: u32,
    /// Its name.
    pub name: String,
    /// The websites that sell from it.
    pub sales_channels: Vec<String>,
    /// Its sources by priority; those of equal priority by code.
    pub sources: Vec<SourceStatus>,
    /// True if its links match the files; `null` for a stock that no file owns, or where nothing is compared.
    pub in_sync: Option<bool>,
}

/// One source of a stock.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceStatus {
    /// The source.
    pub source_code: SourceCode,
    /// The priority of its link.
    pub priority: u16,
    /// True if it is enabled.
    pub enabled: bool,
}

impl StatusReport {
    /// The status of a live state, compared with a plan if there is one.
    pub fn new(
        target: TargetLabel,
        live: &LiveState,
        plan: Option<&Plan>,
        reindex_owed: bool,
        reindex_by: ReindexBy,
    ) -> Self {
        let stocks = live.stocks.iter().map(|stock| stock_status(stock, live, plan));
        Self {
            format_version: STATUS_FORMAT,
            target,
            compared: plan.is_some(),
            scope: None,
            stocks: stocks.collect(),
            doubts: live.issues.iter().map(|issue| issue.reason.clone()).collect(),
            reindex_owed,
            owed_since: None,
            reindex_by,
            index: None,
        }
    }
}

impl StatusReport {
    /// The same of only those stocks that were named; of all if none was.
    #[must_use]
    pub fn only(mut self, scope: Option<PlanScope>) -> Self {
        if let Some(scope) = &scope {
            let named = scope.again();
            self.stocks
                .retain(|stock| named.covers(&StockName::from_server(&stock.name)));
        }
        Self { scope, ..self }
    }
}

fn stock_status(stock: &Stock, live: &LiveState, plan: Option<&Plan>) -> StockStatus {
    let planned = plan.and_then(|plan| plan.stocks.iter().find(|planned| planned.stock_id == stock.id));
    let sources = live.links_of(stock.id).iter().map(|link| SourceStatus {
        source_code: link.source.clone(),
        priority: link.priority,
        enabled: live.source(&link.source).is_some_and(|source| source.enabled),
    });
    let mut sources: Vec<_> = sources.collect();
    sources.sort_by_key(|source| source.priority);
    let channels = stock.channels.iter().map(|channel| channel.code.clone());
    StockStatus {
        stock_id: stock.id.0,
        name: stock.name.as_str().to_owned(),
        sales_channels: channels.collect(),
        sources,
        in_sync: planned.map(crate::reconcile::StockPlan::in_sync),
    }
}
