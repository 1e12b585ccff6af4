//! What a scheduled look at a target found.

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::{INDEX_STALE, INDEX_UNPROVEN, REINDEX_OWED};
use super::index::{IndexReport, index_text};
use super::plan_text::plan_text;
use super::style::{CREATE, DELETE, MOVE};
use super::words::count;
use crate::diag::{Place, shown};
use crate::reconcile::index::{IndexState, StockIndex};
use crate::reconcile::{Plan, PlanWarning};

/// The version of the drift report's JSON.
pub const DRIFT_FORMAT: u32 = 1;

/// Whether a target is as the files want it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake drift report")]
pub struct DriftReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command: 2 on a difference, 0 in sync, 1 when it cannot be told.
    pub exit_code: u8,
    /// What an apply would change.
    pub plan: Plan,
    /// Whether a reindex is owed, as far as this state directory remembers.
    pub reindex_owed: bool,
    /// The index of the owned stocks, where a look at it was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

impl DriftReport {
    /// The plan with what the index and an owed reindex add to it as warnings, for the forms that are made of a plan alone.
    pub fn warned_plan(&self) -> Plan {
        let mut plan = self.plan.clone();
        plan.warnings
            .extend(self.index.iter().flat_map(|index| of_index(index, &self.plan)));
        if self.reindex_owed {
            let message = "a reindex is owed, as the state directory remembers; `stocktake reindex` runs it";
            plan.warnings
                .push(warning(REINDEX_OWED, message.to_owned(), None));
        }
        plan
    }
}

fn of_index(index: &IndexReport, plan: &Plan) -> Vec<PlanWarning> {
    let place = |stock: &StockIndex| {
        let planned = plan
            .stocks
            .iter()
            .find(|planned| planned.stock_id == stock.stock_id);
        planned.map(|planned| planned.place.clone())
    };
    let unreadable = index.unreadable.iter().map(|reason| {
        let message = format!("the index cannot be checked: {}", shown(reason));
        warning(INDEX_UNPROVEN, message, None)
    });
    let stocks = index.stocks.iter().filter_map(|stock| {
        let name = shown(stock.name.as_str());
        match &stock.index {
            IndexState::Stale { mismatches, .. } => {
                let skus = count(mismatches.len() as u64, "SKU");
                let message = format!("the index of `{name}` is stale: {skus} not as the links want");
                Some(warning(INDEX_STALE, message, place(stock)))
            }
            IndexState::Unknown { reason } => {
                let message = format!("the index of `{name}` cannot be checked: {}", shown(reason));
                Some(warning(INDEX_UNPROVEN, message, place(stock)))
            }
            IndexState::Matches { .. } | IndexState::Unsold => None,
        }
    });
    unreadable.chain(stocks).collect()
}

fn warning(rule: &str, message: String, place: Option<Place>) -> PlanWarning {
    PlanWarning {
        rule: rule.to_owned(),
        message,
        place,
    }
}

/// The plan of what differs, the index where it was looked at, and the verdict.
pub fn drift_text(report: &DriftReport) -> String {
    let mut out = plan_text(&report.plan) + "\n";
    if let Some(index) = &report.index {
        out.push_str(&index_text(index));
    }
    if report.reindex_owed {
        let owed = format!("{MOVE}owed{MOVE:#}, as this state directory remembers");
        out = out + "Reindex: " + &owed + "; `stocktake reindex` runs it\n";
    }
    out + &verdict(report) + "\n"
}

fn verdict(report: &DriftReport) -> String {
    match report.exit_code {
        0 => format!("{CREATE}In sync.{CREATE:#}"),
        2 if report.plan.in_sync() => {
            format!("{DELETE}The index is stale.{DELETE:#} The links are as wanted.")
        }
        2 => format!("{DELETE}Drift.{DELETE:#} The live links are not as the files want them."),
        _ => format!(
            "{MOVE}It cannot be told.{MOVE:#} Nothing is known to differ, and not everything could be checked."
        ),
    }
}
