//! One plan with everything that several formats say of it in the same words.

use std::borrow::Cow;

use super::rows::{Row, rows};
use super::scope::scope_words;
use super::status::PlanStatus;
use crate::reconcile::{Counts, Plan, PlanWarning, StockPlan};
use crate::report::words::{count, parts};
use spanned_yaml::diag::joined;

/// A plan, ready to be laid out.
#[derive(Debug)]
pub struct Planned<'a> {
    pub(crate) plan: &'a Plan,
    /// The warnings of the plan, and for drift those about the index, an owed reindex and web hooks.
    pub(crate) warnings: Cow<'a, [PlanWarning]>,
    pub(crate) status: PlanStatus,
    /// The sentence that follows the status and a colon. Nothing in it comes from outside.
    pub(crate) summary: String,
    /// For drift, how much of the index is proven, as a sentence; `None` if none is. Nothing in it comes from outside.
    pub(crate) proven: Option<String>,
    pub(crate) stocks: Vec<StockView<'a>>,
    /// The stocks that are only counted, such as `2 in sync`; empty when there are none.
    pub(crate) others: String,
}

/// One owned stock of a plan.
#[derive(Debug)]
pub(crate) struct StockView<'a> {
    pub(crate) plan: &'a StockPlan,
    pub(crate) counts: Counts,
    /// Set when a link changes or is blocked; a stock without either is in sync and only counted.
    pub(crate) notable: bool,
}

impl<'a> From<&'a Plan> for Planned<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self::new(plan, Cow::Borrowed(&plan.warnings))
    }
}

impl<'a> Planned<'a> {
    /// The plan with these warnings in place of its own.
    pub(crate) fn new(plan: &'a Plan, warnings: Cow<'a, [PlanWarning]>) -> Self {
        let status = PlanStatus::of(plan, &warnings);
        let in_sync = if status.links_in_sync() {
            0
        } else {
            plan.summary.in_sync_stocks
        };
        Self {
            plan,
            warnings,
            status,
            summary: summary(plan, status),
            proven: None,
            stocks: plan.stocks.iter().map(StockView::new).collect(),
            others: parts(&[
                (in_sync, "in sync"),
                (plan.summary.unmanaged_stocks, "unmanaged and left alone"),
            ]),
        }
    }

    /// The summary, the stocks that were compared if these are not all, and how much of the index is proven. Names stand
    /// between quotation marks.
    pub(crate) fn sentences(&self) -> String {
        self.sentences_with(|name| format!("“{name}”"))
    }

    /// The same; `quote` writes names.
    pub(crate) fn sentences_with(&self, quote: impl Fn(&str) -> String) -> String {
        let scope = scope_words(self.plan, quote);
        let sentences = [Some(&self.summary), scope.as_ref(), self.proven.as_ref()];
        let sentences: Vec<&str> = sentences.into_iter().flatten().map(String::as_str).collect();
        sentences.join(" ")
    }

    /// The stocks with a change or a blocked link.
    pub(crate) fn notable(&self) -> impl Iterator<Item = &StockView<'a>> {
        self.stocks.iter().filter(|stock| stock.notable)
    }

    /// True if there is a guard, a sign of an incomplete read, or a warning.
    pub(crate) fn has_notes(&self) -> bool {
        !(self.plan.guards.is_empty() && self.plan.doubts.is_empty() && self.warnings.is_empty())
    }
}

impl<'a> StockView<'a> {
    pub(in crate::report) fn new(plan: &'a StockPlan) -> Self {
        Self {
            plan,
            counts: plan.counts(),
            notable: !plan.in_sync() || !plan.blocked.is_empty(),
        }
    }

    /// The changes in numbers, such as `1 to delete, 1 source reordered`, or `in sync`.
    pub(crate) fn summary(&self) -> String {
        let changes = change_counts(self.counts);
        if changes.is_empty() {
            "in sync".to_owned()
        } else {
            changes
        }
    }

    /// The deleted links by their rank of now, then the others by their rank after the plan.
    pub(crate) fn rows(&self) -> Vec<Row<'a>> {
        rows(self.plan)
    }
}

/// Changes in numbers, such as `1 to delete, 1 source reordered (2 priorities renumbered)`; empty when there are none.
pub(crate) fn change_counts(counts: Counts) -> String {
    let links = parts(&[(counts.deletes, "to delete"), (counts.creates, "to create")]);
    let order = order_counts(counts);
    let changes = [links, order];
    joined(changes.iter().filter(|words| !words.is_empty()), ", ")
}

/// The reorders and renumbers in numbers, such as `1 source reordered (2 priorities renumbered)`; empty when there are none.
pub(crate) fn order_counts(counts: Counts) -> String {
    let renumbered = match counts.renumbers {
        0 => String::new(),
        1 => "1 priority renumbered".to_owned(),
        number => format!("{number} priorities renumbered"),
    };
    match (counts.reorders, counts.renumbers) {
        (0, _) => renumbered,
        (reorders, 0) => format!("{} reordered", count(reorders, "source")),
        (reorders, _) => format!("{} reordered ({renumbered})", count(reorders, "source")),
    }
}

fn summary(plan: &Plan, status: PlanStatus) -> String {
    let stocks = if status.links_in_sync() {
        plan.summary.in_sync_stocks
    } else {
        plan.summary.changed_stocks
    };
    let stocks = count(stocks, "stock");
    match status {
        PlanStatus::InSync if plan.stocks.is_empty() && plan.scope.is_some() => {
            "nothing was compared.".to_owned()
        }
        PlanStatus::InSync => format!("nothing to change in {stocks}."),
        PlanStatus::Stale => format!("the links are as wanted in {stocks}."),
        PlanStatus::Unknown => {
            format!("no difference was found in {stocks}, but some checks could not run.")
        }
        PlanStatus::Changes | PlanStatus::Refused => {
            let changes = change_counts(plan.summary.counts());
            let withheld = match plan.summary.withheld_deletes {
                0 => String::new(),
                deletes => format!(", {deletes} deletes withheld"),
            };
            let reindex = if plan.needs_reindex {
                "then a reindex"
            } else {
                "no reindex needed"
            };
            format!("{changes}{withheld} in {stocks}, {reindex}.")
        }
    }
}
