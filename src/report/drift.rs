//! The report of a drift check, as data and as text.

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{Place, joined, shown, visible};

use super::cron_check::{CronCheckReport, cron_check_text};
use super::finding::{INDEX_STALE, INDEX_UNKNOWN, NOT_NOTIFIED, REINDEX_OWED};
use super::index::{IndexReport, index_text, proven_words};
use super::plan_text::plan_text;
use super::reindex::payer;
use super::style::{CREATE, DELETE, MOVE};
use super::view::Planned;
use super::words::count;
use crate::reconcile::index::{IndexState, StockIndex};
use crate::reconcile::{Plan, PlanWarning, digest_hex};
use crate::run::{Exit, NotificationReport, ReindexBy, Transition};

/// The version of the drift report's JSON.
pub const DRIFT_FORMAT: u32 = 1;

/// The result of comparing a target with the files.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake drift report")]
pub struct DriftReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command: 2 on a difference, 0 in sync, 1 when that is unknown.
    pub exit_code: Exit,
    /// The plan of an apply.
    pub plan: Plan,
    /// True if a reindex is owed, according to this state directory.
    pub reindex_owed: bool,
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
    /// The check whether the shop's cron has run a reindex that was owed, on a target that relies on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron_check: Option<CronCheckReport>,
    /// The index of the owned stocks, with `--prove index`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
    /// The web hooks with news, with `--notify`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notifications: Vec<NotificationReport>,
}

/// The result of a notification, as a sentence without a full stop.
pub fn notification_sentence(report: &NotificationReport) -> String {
    let transition = report.transition.map_or("anything", Transition::words);
    let webhook = &report.webhook;
    match (report.delivered, &report.error) {
        (true, None) => format!("{webhook} was notified of {transition}"),
        (true, Some(error)) => {
            format!(
                "{webhook} was notified of {transition} and will be again, because the delivery cannot be recorded: {error}"
            )
        }
        (false, error) => {
            let error = error.as_deref().unwrap_or("the reason is unknown");
            format!("{webhook} was not notified of {transition}: {error}; the next run tries again")
        }
    }
}

impl DriftReport {
    /// The plan with further warnings about the index, an owed reindex and web hooks that were not notified.
    pub fn warned_plan(&self) -> Plan {
        Plan {
            warnings: self.warnings(),
            ..self.plan.clone()
        }
    }

    /// The same, ready to be laid out.
    pub(super) fn planned(&self) -> Planned<'_> {
        let proven = self.index.as_ref().and_then(IndexReport::proven);
        Planned {
            proven: proven.map(|extent| format!("The index is {}.", proven_words(extent))),
            ..Planned::new(&self.plan, self.warnings().into())
        }
    }

    fn warnings(&self) -> Vec<PlanWarning> {
        let index = self.index.iter().flat_map(|index| of_index(index, &self.plan));
        let owed = self.reindex_owed.then(|| {
            let message = self.cron_check.as_ref().map_or_else(
                || {
                    let payer = payer(self.reindex_by);
                    format!("a reindex is owed, as the state directory remembers; {payer}")
                },
                CronCheckReport::sentence,
            );
            warning(REINDEX_OWED, message, None)
        });
        let failed = self.notifications.iter().filter(|of| of.error.is_some());
        let failed = failed.map(|of| warning(NOT_NOTIFIED, notification_sentence(of), None));
        let warnings = self.plan.warnings.iter().cloned();
        warnings.chain(index).chain(owed).chain(failed).collect()
    }

    /// A digest of the differences: the changes and the stocks with a stale index. Quantities of a stale index are left
    /// out, since they change all the time.
    pub fn digest(&self) -> String {
        let links = self.plan.stocks.iter().flat_map(|stock| {
            stock.changes.iter().map(|change| {
                let (id, code) = (stock.stock_id, change.source_code().folded());
                format!("link {id} {code:?} {:?} {:?}", change.before(), change.wanted())
            })
        });
        let indexes = self.index.iter().flat_map(|index| &index.stocks);
        let stale = indexes.filter(|stock| matches!(stock.index, IndexState::Stale { .. }));
        let stale = stale.map(|stock| format!("stale {}", stock.stock_id));
        digest_hex(joined(links.chain(stale), "\n").as_bytes())
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
        warning(INDEX_UNKNOWN, message, None)
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
                Some(warning(INDEX_UNKNOWN, message, place(stock)))
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

/// The plan, the index if it was checked, and the verdict.
pub fn drift_text(report: &DriftReport) -> String {
    let mut out = plan_text(&report.plan) + "\n";
    if let Some(index) = &report.index {
        out.push_str(&index_text(index));
    }
    if let Some(check) = &report.cron_check {
        out.push_str(&cron_check_text(check));
    } else if report.reindex_owed {
        let owed = format!("{MOVE}owed{MOVE:#}, according to this state directory");
        out = out + "Reindex: " + &owed + "; " + payer(report.reindex_by) + "\n";
    }
    for failed in report.notifications.iter().filter(|of| of.error.is_some()) {
        out = out + &format!("{MOVE}Notify:{MOVE:#}  ") + &visible(&notification_sentence(failed)) + "\n";
    }
    out + &verdict(report) + "\n"
}

fn verdict(report: &DriftReport) -> String {
    match report.exit_code {
        Exit::Done => format!("{CREATE}In sync.{CREATE:#}"),
        Exit::Changes if report.plan.in_sync() => {
            format!("{DELETE}The index is stale.{DELETE:#} The links are as wanted.")
        }
        Exit::Changes => format!("{DELETE}Drift.{DELETE:#} The live links differ from the files."),
        _ => format!("{MOVE}Unknown:{MOVE:#} no difference was found, but some checks could not run."),
    }
}
