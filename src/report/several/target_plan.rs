//! A target of several, as the forms that are made of plans show it.

use std::borrow::Cow;

use super::{CommandReport, SeveralReport, TargetOutcome};
use crate::reconcile::Plan;
use crate::report::failure::FailureReport;
use crate::report::finding::{Finding, Level, NO_RESULT, plan_findings};

/// One target with its plan, or why there is none.
#[derive(Debug)]
pub struct TargetPlan<'a> {
    /// The target's name.
    pub target: &'a str,
    /// The plan, with all else that there is to tell in its warnings.
    pub outcome: Result<Cow<'a, Plan>, Unplanned<'a>>,
}

/// Why a target has no plan.
#[derive(Debug)]
pub struct Unplanned<'a> {
    /// What happened.
    pub failure: &'a FailureReport,
    /// What is wrong with files, for lines to be marked.
    pub findings: &'a [Finding],
}

/// The targets of a report whose command makes plans; the findings are those of the failures, target by target.
pub fn sheets<'a>(report: &'a SeveralReport, findings: &'a [Vec<Finding>]) -> Vec<TargetPlan<'a>> {
    let targets = report.targets.iter().enumerate();
    let sheet = |(at, of): (usize, &'a super::TargetReport)| {
        let outcome = match &of.outcome {
            TargetOutcome::Report(CommandReport::Plan(plan)) => Ok(Cow::Borrowed(&**plan)),
            TargetOutcome::Report(CommandReport::Drift(report)) => Ok(Cow::Owned(report.warned_plan())),
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
    };
    targets.filter_map(sheet).collect()
}

impl TargetPlan<'_> {
    /// Every finding of the plan, or what there is instead of one.
    pub fn findings(&self) -> Vec<Finding> {
        match &self.outcome {
            Ok(plan) => plan_findings(plan),
            Err(Unplanned { failure, findings }) => {
                let because = failure.causes.iter().map(|cause| format!("because: {cause}"));
                let lines: Vec<String> = std::iter::once(failure.error.clone()).chain(because).collect();
                let finding = Finding {
                    rule: NO_RESULT.to_owned(),
                    level: Level::Error,
                    title: "no result".to_owned(),
                    message: lines.join("\n"),
                    place: None,
                    end: None,
                    identity: self.target.to_owned(),
                };
                std::iter::once(finding).chain(findings.iter().cloned()).collect()
            }
        }
    }
}
