//! The report of several targets as text: a section for each, and a summary line at the end.

use spanned_yaml::diag::{joined, shown};

use super::{CommandReport, SeveralReport, TargetOutcome, TargetReport};
use crate::reconcile::index::IndexVerdict;
use crate::report::apply_text::apply_text;
use crate::report::doctor::doctor_text;
use crate::report::drift::drift_text;
use crate::report::failure::failure_text;
use crate::report::plan_text::plan_text;
use crate::report::reindex::{ReindexReport, reindex_text};
use crate::report::status::StatusReport;
use crate::report::status_text::status_text;
use crate::report::style::HEADING;
use crate::report::view::PlanStatus;
use crate::run::Exit;

/// The whole report, with tables of at most `columns`.
pub fn several_text(report: &SeveralReport, columns: Option<u16>) -> String {
    let sections = report.targets.iter().map(|of| section_text(of, columns));
    let sections: String = sections.collect();
    sections + &summary_text(report)
}

/// The result of one target under its name, with tables of at most `columns`.
pub fn section_text(of: &TargetReport, columns: Option<u16>) -> String {
    heading_text(
        &of.target,
        &match &of.outcome {
            TargetOutcome::Report(report) => report.text(columns),
            TargetOutcome::Error(failure) => failure_text(failure),
        },
    )
}

/// A text under the name of its target.
pub fn heading_text(target: &str, text: &str) -> String {
    format!(
        "{HEADING}== {} =={HEADING:#}\n{}\n\n",
        shown(target),
        text.trim_end()
    )
}

/// The result of each target, in one line.
pub fn summary_text(report: &SeveralReport) -> String {
    let targets = report.targets.iter().map(|of| {
        let words = match &of.outcome {
            TargetOutcome::Report(report) => report.words(of.exit_code),
            TargetOutcome::Error(_) => failed_words(of.exit_code),
        };
        format!("{} {words}", shown(&of.target))
    });
    format!("{HEADING}Targets:{HEADING:#} {}.\n", joined(targets, ", "))
}

impl CommandReport {
    /// The report as the command prints it for one target, with tables of at most `columns`.
    pub fn text(&self, columns: Option<u16>) -> String {
        match self {
            Self::Plan(plan) => plan_text(plan),
            Self::Drift(report) => drift_text(report),
            Self::Apply(report) => apply_text(report),
            Self::Status(report) => status_text(report, columns),
            Self::Reindex(report) => reindex_text(report),
            Self::Doctor(report) => doctor_text(report, columns),
        }
    }

    /// The result in words that follow the target's name.
    fn words(&self, exit: Exit) -> &'static str {
        match self {
            Self::Plan(plan) => match PlanStatus::of(plan, &plan.warnings) {
                PlanStatus::InSync => "in sync",
                PlanStatus::Unknown => "unknown",
                PlanStatus::Stale => "with a stale index",
                PlanStatus::Changes => "to change",
                PlanStatus::Refused => "refused by a guard",
            },
            Self::Drift(report) => match exit {
                Exit::Done => "in sync",
                Exit::Changes if report.plan.in_sync() => "with a stale index",
                Exit::Changes => "drifted",
                _ => "unknown",
            },
            Self::Apply(report) => match exit {
                Exit::Done if report.stocks.is_empty() => match report.reindex {
                    ReindexReport::Done { .. } => "reindexed",
                    _ => "with nothing to apply",
                },
                Exit::Done => "applied",
                Exit::Partial => "partly applied",
                Exit::Owed => "applied but reindex or proof owed",
                exit if exit.is_interrupt() => "interrupted",
                _ => "not written to",
            },
            Self::Status(report) => status_words(report),
            Self::Reindex(report) => match (&report.reindex, exit) {
                (ReindexReport::LeftToCron, Exit::Done) => "left to cron",
                (_, Exit::Done) => "with no reindex owed",
                _ => "with a reindex owed",
            },
            Self::Doctor(report) if report.healthy => "ready",
            Self::Doctor(_) => "not ready",
        }
    }
}

/// A status in words that follow the target's name.
fn status_words(report: &StatusReport) -> &'static str {
    let differs = report.stocks.iter().any(|stock| stock.in_sync == Some(false));
    match report.index.as_ref().map(|index| index.verdict) {
        _ if differs => "different",
        _ if !report.compared => "not compared",
        Some(IndexVerdict::Stale) => "with a stale index",
        Some(IndexVerdict::Unknown) => "unknown",
        _ if !report.doubts.is_empty() => "unknown",
        Some(IndexVerdict::Proven) | None => "in sync",
    }
}

/// A failure in words that follow the target's name.
fn failed_words(exit: Exit) -> &'static str {
    match exit {
        Exit::Refused => "refused by a guard",
        Exit::Stale => "stale",
        exit if exit.is_interrupt() => "interrupted",
        _ => "failed",
    }
}
