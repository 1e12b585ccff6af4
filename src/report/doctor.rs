//! The doctor's findings: each thing that a plan and an apply need, and whether it is there.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use crate::diag::visible;
use crate::reconcile::TargetLabel;

/// The version of the doctor's JSON.
pub const DOCTOR_FORMAT: u32 = 1;

/// What was found about a target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake doctor")]
pub struct DoctorReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The target.
    pub target: TargetLabel,
    /// Whether a plan and an apply could work.
    pub healthy: bool,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// What was looked at.
    pub check: String,
    /// How it is.
    pub state: CheckState,
    /// What was seen.
    pub detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// As it must be.
    Ok,
    /// Worth a look, in no one's way.
    Warning,
    /// In the way of a plan or an apply.
    Failed,
    /// Not looked at, since something before it failed.
    Skipped,
}

impl DoctorReport {
    /// Puts the checks together.
    pub fn new(target: TargetLabel, checks: Vec<Check>) -> Self {
        let healthy = checks
            .iter()
            .all(|check| matches!(check.state, CheckState::Ok | CheckState::Warning));
        Self {
            format_version: DOCTOR_FORMAT,
            target,
            healthy,
            checks,
        }
    }
}

/// The findings as a table, hints below the line that they are about.
pub fn doctor_text(report: &DoctorReport) -> String {
    let width = report
        .checks
        .iter()
        .map(|check| check.check.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let (name, url) = (visible(&report.target.name), visible(&report.target.url));
    let _ = writeln!(out, "{HEADING}{name}{HEADING:#} {FAINT}{url}{FAINT:#}\n");
    for check in &report.checks {
        let (style, word) = match check.state {
            CheckState::Ok => (CREATE, "ok"),
            CheckState::Warning => (MOVE, "look"),
            CheckState::Failed => (DELETE, "FAILED"),
            CheckState::Skipped => (FAINT, "skipped"),
        };
        let name = format!("{:<width$}", check.check);
        let _ = match check.detail.as_str() {
            "" => writeln!(out, "{name}  {style}{word}{style:#}"),
            detail => writeln!(out, "{name}  {style}{word:<7}{style:#}  {}", visible(detail)),
        };
        for hint in &check.hints {
            let _ = writeln!(
                out,
                "{:width$}           {CREATE}help:{CREATE:#} {}",
                "",
                visible(hint)
            );
        }
    }
    let verdict = if report.healthy {
        format!("{CREATE}A plan and an apply can work.{CREATE:#}")
    } else {
        format!("{DELETE}A plan or an apply cannot work yet.{DELETE:#}")
    };
    let _ = writeln!(out, "\n{verdict}");
    out
}
