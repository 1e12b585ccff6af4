//! The doctor's findings: each thing that a plan and an apply need, and whether it is there.

use std::fmt::Write as _;

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::visible;

use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use super::words::wrapped;
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

/// The findings as a table, hints below the line that they are about. Where few columns are at hand, what was seen stands
/// below its line too.
pub fn doctor_text(report: &DoctorReport, columns: Option<u16>) -> String {
    let names = report.checks.iter().map(|check| check.check.chars().count());
    let width = names.max().unwrap_or(0);
    let mut out = String::new();
    let (name, url) = (visible(&report.target.name), visible(&report.target.url));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{HEADING}{name}{HEADING:#} {FAINT}{url}{FAINT:#}\n");
    for check in &report.checks {
        out += &check_text(check, width, columns);
    }
    let verdict = if report.healthy {
        format!("{CREATE}A plan and an apply can work.{CREATE:#}")
    } else {
        format!("{DELETE}A plan or an apply cannot work yet.{DELETE:#}")
    };
    let _ = writeln!(out, "\n{verdict}");
    out
}

/// A check: its name in so many columns, how it is, what was seen and what to do.
fn check_text(check: &Check, width: usize, columns: Option<u16>) -> String {
    let (style, word) = state(check.state);
    let name = format!("{:<width$}", check.check);
    let detail = visible(&check.detail).into_owned();
    let beside = width + BESIDE_NAME;
    let room = columns.map_or(usize::MAX, |columns| usize::from(columns).saturating_sub(beside));
    let indent = " ".repeat(if room < READABLE { 2 } else { beside });
    let detail = if detail.is_empty() {
        detail
    } else {
        aligned(&detail, columns, &indent) + "\n"
    };
    let mut out = if room < READABLE || detail.is_empty() {
        format!("{name}  {style}{word}{style:#}\n{detail}")
    } else {
        format!("{name}  {style}{word:<7}{style:#}  {}", detail.trim_start())
    };
    for hint in &check.hints {
        let hint = format!("{CREATE}help:{CREATE:#} {}", visible(hint));
        out += &aligned(&hint, columns, &indent);
        out.push('\n');
    }
    out
}

/// The columns between the name of a check and what was seen.
const BESIDE_NAME: usize = 11;

/// So many columns a column needs for sentences.
const READABLE: usize = 30;

fn state(state: CheckState) -> (Style, &'static str) {
    match state {
        CheckState::Ok => (CREATE, "ok"),
        CheckState::Warning => (MOVE, "look"),
        CheckState::Failed => (DELETE, "FAILED"),
        CheckState::Skipped => (FAINT, "skipped"),
    }
}

/// A text behind an indent, in lines that fit.
fn aligned(text: &str, columns: Option<u16>, indent: &str) -> String {
    match columns {
        Some(columns) => wrapped(text, columns, indent),
        None => format!("{indent}{text}"),
    }
}
