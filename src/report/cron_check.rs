//! The check whether the shop's cron has run an owed reindex, as data and as text.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{joined, shown, visible};

use super::index::{IndexReport, stock_text};
use super::style::{CREATE, MOVE};
use crate::reconcile::index::{IndexState, StockIndex};
use crate::run::{CronCheck, CronResult};

/// How a sentence begins where nothing was found out.
const OWED: &str = "a reindex is owed, and ";

/// The check whether the shop's cron has run a reindex that is owed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CronCheckReport {
    /// What it comes to.
    #[serde(flatten)]
    pub result: CronResultReport,
    /// The index of the stocks that the reindex is owed for, where it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

/// Whether the shop's cron has run the reindex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum CronResultReport {
    /// It has, as the index shows. None is owed any more.
    Done,
    /// It has for some stocks. For the others it is still owed.
    DoneInPart,
    /// It has for some stocks or all, and the journal could not take note of it.
    NotRecorded {
        /// The reason.
        reason: String,
    },
    /// The index shows the links of no stock that it is owed for.
    NotProven,
    /// The index was not looked at, since a write may still take effect.
    InDoubt,
}

impl From<&CronCheck> for CronCheckReport {
    fn from(check: &CronCheck) -> Self {
        let result = match &check.result {
            CronResult::Done => CronResultReport::Done,
            CronResult::DoneInPart => CronResultReport::DoneInPart,
            CronResult::NotRecorded(reason) => CronResultReport::NotRecorded {
                reason: reason.clone(),
            },
            CronResult::NotProven => CronResultReport::NotProven,
            CronResult::InDoubt => CronResultReport::InDoubt,
        };
        Self {
            result,
            index: check.index.as_ref().map(IndexReport::from),
        }
    }
}

impl CronCheckReport {
    /// The stocks whose index matches, or does not.
    fn stocks(&self, matching: bool) -> String {
        let stocks = self.index.iter().flat_map(|index| &index.stocks);
        let is_wanted = |stock: &&StockIndex| matching == stock.index.matches_whole();
        joined(
            stocks.filter(is_wanted).map(|stock| shown(stock.name.as_str())),
            ", ",
        )
    }

    /// What a check comes to, as a sentence without a full stop. Names are escaped.
    pub(super) fn sentence(&self) -> String {
        let done = "the shop's cron has reindexed";
        match &self.result {
            CronResultReport::Done => {
                format!("{done}: the index shows the links of {}", self.stocks(true))
            }
            CronResultReport::DoneInPart => format!(
                "{done} {}, as the index shows; a reindex is still owed for {}",
                self.stocks(true),
                self.stocks(false)
            ),
            CronResultReport::NotRecorded { reason } => format!(
                "{done} {}, as the index shows, and this could not be recorded: {}; the next `stocktake drift` looks again",
                self.stocks(true),
                visible(reason)
            ),
            CronResultReport::NotProven => {
                "a reindex is owed, and the index does not show yet that the shop's cron has run it"
                    .to_owned()
            }
            CronResultReport::InDoubt => {
                "a reindex is owed, and a write may still take effect; the next `stocktake apply` settles it"
                    .to_owned()
            }
        }
    }

    /// True if it shows nothing that is left to do.
    pub(super) fn is_done(&self) -> bool {
        self.result == CronResultReport::Done
    }
}

/// The check in lines. The first begins with `Reindex:`. The stocks that are left follow.
pub(super) fn cron_check_text(check: &CronCheckReport) -> String {
    let sentence = check.sentence();
    if check.is_done() {
        return format!("Reindex: {CREATE}none owed any more{CREATE:#}; {sentence}\n");
    }
    let sentence = sentence.strip_prefix(OWED).unwrap_or(&sentence);
    let mut out = format!("Reindex: {MOVE}owed{MOVE:#}; {sentence}\n");
    let Some(index) = &check.index else {
        return out;
    };
    // Writing to a String cannot fail.
    if let Some(reason) = &index.unreadable {
        let _ = writeln!(out, "         the index cannot be checked: {}", visible(reason));
    }
    let is_matching = |stock: &&StockIndex| stock.index.matches_whole();
    for stock in index.stocks.iter().filter(|stock| !is_matching(stock)) {
        let _ = writeln!(out, "         {}", stock_text(stock).trim_end_matches(':'));
    }
    if index.stocks.iter().any(|stock| stock.index == IndexState::Unsold) {
        let _ = writeln!(
            out,
            "         {CREATE}help:{CREATE:#} no read can show that a stock without a website is reindexed; when cron has run, \
             `stocktake reindex --done` says so"
        );
    }
    out
}
