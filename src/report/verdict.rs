//! What a plan, and each stock in it, comes to: the same words in every format.

use super::finding::{INDEX_STALE, INDEX_UNPROVEN};
use super::words::{count, parts};
use crate::reconcile::{Counts, Plan, StockPlan, Summary};

/// How a plan stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlanStatus {
    InSync,
    /// Nothing is known to differ, and not everything could be checked.
    Unknown,
    /// The links are as wanted, and the index is not.
    Stale,
    Changes,
    Refused,
}

impl PlanStatus {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::InSync => "In sync",
            Self::Unknown => "Cannot be told",
            Self::Stale => "Stale index",
            Self::Changes => "Plan",
            Self::Refused => "Refused by a guard",
        }
    }
}

/// A plan in one line.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) status: PlanStatus,
    /// What follows the status and a colon; ends with a full stop. Nothing in it comes from outside.
    pub(super) rest: String,
}

impl Verdict {
    pub(super) fn of(plan: &Plan) -> Self {
        if plan.in_sync() {
            return in_sync(plan);
        }
        let status = if plan.is_refused() {
            PlanStatus::Refused
        } else {
            PlanStatus::Changes
        };
        Self {
            status,
            rest: changes(plan),
        }
    }
}

/// What there is to say when every link is as wanted, as far as it was read.
fn in_sync(plan: &Plan) -> Verdict {
    let stocks = count(plan.summary.in_sync_stocks, "stock");
    let warned = |rule: &str| plan.warnings.iter().any(|warning| warning.rule == rule);
    let (status, rest) = if warned(INDEX_STALE) {
        (PlanStatus::Stale, format!("the links are as wanted in {stocks}."))
    } else if warned(INDEX_UNPROVEN) || !plan.doubts.is_empty() {
        let rest = format!("nothing is known to differ in {stocks}, and not everything could be checked.");
        (PlanStatus::Unknown, rest)
    } else {
        (PlanStatus::InSync, format!("nothing to change in {stocks}."))
    };
    Verdict { status, rest }
}

fn changes(plan: &Plan) -> String {
    let Summary {
        creates,
        moves,
        deletes,
        withheld_deletes,
        changed_stocks,
        ..
    } = plan.summary;
    let changes = parts(&[(deletes, "to delete"), (creates, "to create"), (moves, "to move")]);
    let withheld = if withheld_deletes > 0 {
        format!(" ({withheld_deletes} deletes withheld)")
    } else {
        String::new()
    };
    let reindex = if plan.needs_reindex {
        "then a reindex"
    } else {
        "no reindex needed"
    };
    let stocks = count(changed_stocks, "stock");
    format!("{changes}{withheld} in {stocks}, {reindex}.")
}

/// What has to change in a stock, such as `1 to delete, 2 to move`, or `in sync`.
pub(super) fn stock_verdict(stock: &StockPlan) -> String {
    let Counts {
        creates,
        moves,
        deletes,
    } = stock.counts();
    let changes = parts(&[(deletes, "to delete"), (creates, "to create"), (moves, "to move")]);
    if changes.is_empty() {
        "in sync".to_owned()
    } else {
        changes
    }
}
