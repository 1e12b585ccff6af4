//! What a scheduled look at a target found.

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{Place, shown, visible};

use super::finding::{INDEX_STALE, INDEX_UNPROVEN, NOT_NOTIFIED, REINDEX_OWED};
use super::index::{IndexReport, index_text};
use super::plan_text::plan_text;
use super::style::{CREATE, DELETE, MOVE};
use super::view::Planned;
use super::words::count;
use crate::reconcile::index::{IndexState, StockIndex};
use crate::reconcile::{Plan, PlanWarning, digest_hex};
use crate::run::Transition;

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
    /// The web hooks that there was something new for, where they were to be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notifications: Vec<NotificationReport>,
}

/// A web hook that there was something new for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotificationReport {
    /// The web hook, by its kind and the place of its address.
    pub webhook: String,
    /// What was new; left out when it could not be found out what was told last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub news: Option<Transition>,
    /// Whether it has taken the message.
    pub delivered: bool,
    /// Why it was not told, or why that it was cannot be remembered; left out when all went well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl NotificationReport {
    /// What came of it, as a sentence without a full stop.
    pub fn sentence(&self) -> String {
        let news = self.news.map_or("anything", Transition::words);
        let webhook = &self.webhook;
        match (self.delivered, &self.error) {
            (true, None) => format!("{webhook} was told of {news}"),
            (true, Some(error)) => {
                format!(
                    "{webhook} was told of {news}, and will be again, since that cannot be remembered: {error}"
                )
            }
            (false, error) => {
                let error = error.as_deref().unwrap_or("for no known reason");
                format!("{webhook} was not told of {news}: {error}; the next run tries again")
            }
        }
    }
}

impl DriftReport {
    /// The plan with further warnings: about the index, an owed reindex and web hooks that were not notified.
    pub fn warned_plan(&self) -> Plan {
        Plan {
            warnings: self.warnings(),
            ..self.plan.clone()
        }
    }

    /// The same, ready to be laid out.
    pub(super) fn planned(&self) -> Planned<'_> {
        Planned::new(&self.plan, self.warnings().into())
    }

    fn warnings(&self) -> Vec<PlanWarning> {
        let index = self.index.iter().flat_map(|index| of_index(index, &self.plan));
        let owed = self.reindex_owed.then(|| {
            let message = "a reindex is owed, as the state directory remembers; `stocktake reindex` runs it";
            warning(REINDEX_OWED, message.to_owned(), None)
        });
        let failed = self.notifications.iter().filter(|told| told.error.is_some());
        let failed = failed.map(|told| warning(NOT_NOTIFIED, told.sentence(), None));
        let warnings = self.plan.warnings.iter().cloned();
        warnings.chain(index).chain(owed).chain(failed).collect()
    }

    /// A digest of what differs: the links that are not as wanted, and the stocks whose index is stale. The quantities of
    /// a stale index are not in it: they move all the time.
    pub fn digest(&self) -> String {
        let mut lines = Vec::new();
        for stock in &self.plan.stocks {
            for change in &stock.changes {
                let code = change.source_code().folded();
                lines.push(format!(
                    "link {} {code:?} {:?} {:?}",
                    stock.stock_id,
                    change.before(),
                    change.wanted()
                ));
            }
        }
        for stock in self.index.iter().flat_map(|index| &index.stocks) {
            if matches!(stock.index, IndexState::Stale { .. }) {
                lines.push(format!("stale {}", stock.stock_id));
            }
        }
        digest_hex(lines.join("\n").as_bytes())
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
    for told in report.notifications.iter().filter(|told| told.error.is_some()) {
        out = out + &format!("{MOVE}Notify:{MOVE:#}  ") + &visible(&told.sentence()) + "\n";
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
