//! The plans of one or several targets as every format shows them: computed once here, then only laid out.

mod guard;
mod planned;
mod rows;
mod scope;
mod status;
mod tie;

use super::drift::DriftReport;
use super::failure::FailureReport;
use super::finding::Finding;
use super::several::{CommandReport, SeveralReport, TargetOutcome};
use crate::reconcile::Plan;

pub(super) use guard::{guard_advice, guard_label, guard_words};
pub use planned::Planned;
pub(super) use planned::{StockView, change_counts, order_counts};
pub(super) use rows::{ChangeKind, Row, rows};
pub(super) use scope::{scope_words, shown_words};
pub(super) use status::PlanStatus;
pub(super) use tie::broken_ties;

/// The plan of one target, or those of several.
#[derive(Debug)]
pub enum PlanView<'a> {
    /// The only target.
    One(Planned<'a>),
    /// Several targets, each shown under its name.
    Several(Vec<TargetPlan<'a>>),
}

/// One of several targets.
#[derive(Debug)]
pub struct TargetPlan<'a> {
    /// The target's name.
    pub target: &'a str,
    /// Its plan, or why there is none.
    pub outcome: Result<Planned<'a>, Unplanned<'a>>,
}

/// Why a target has no plan.
#[derive(Debug)]
pub struct Unplanned<'a> {
    /// The failure.
    pub failure: &'a FailureReport,
    /// Findings about the target's files.
    pub findings: &'a [Finding],
}

impl<'a> From<&'a Plan> for PlanView<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self::One(plan.into())
    }
}

impl<'a> From<&'a DriftReport> for PlanView<'a> {
    fn from(report: &'a DriftReport) -> Self {
        Self::One(report.planned())
    }
}

impl<'a> PlanView<'a> {
    /// The targets of a report whose command makes plans. `findings` are those of the failures, target by target.
    pub fn of_several(report: &'a SeveralReport, findings: &'a [Vec<Finding>]) -> Self {
        let targets = report.targets.iter().enumerate().filter_map(|(at, of)| {
            let outcome = match &of.outcome {
                TargetOutcome::Report(CommandReport::Plan(plan)) => Ok((&**plan).into()),
                TargetOutcome::Report(CommandReport::Drift(report)) => Ok(report.planned()),
                TargetOutcome::Report(_) => return None,
                TargetOutcome::Error(failure) => Err(Unplanned {
                    failure,
                    findings: findings.get(at).map_or(&[], Vec::as_slice),
                }),
            };
            Some(TargetPlan {
                target: &of.target,
                outcome,
            })
        });
        Self::Several(targets.collect())
    }
}
