//! The report of `doctor`: checks of everything that a plan and an apply need.

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

/// The checks of a target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake doctor")]
pub struct DoctorReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The target.
    pub target: TargetLabel,
    /// True if a plan and an apply can work.
    pub healthy: bool,
    /// The checks, in the order in which they ran.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// The name of the check.
    pub check: String,
    /// The result.
    pub state: CheckState,
    /// Details of the result.
    pub detail: String,
    /// Hints on what to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Nothing is wrong.
    Ok,
    /// Worth a look, but a plan and an apply can work.
    Warning,
    /// A plan or an apply cannot work.
    Failed,
    /// Not run, since an earlier check failed.
    Skipped,
}

impl Check {
    /// A check with its result, without hints.
    pub fn new(check: impl Into<String>, state: CheckState, detail: impl Into<String>) -> Self {
        Self {
            check: check.into(),
            state,
            detail: detail.into(),
            hints: Vec::new(),
        }
    }

    /// A check that found nothing wrong.
    pub fn ok(check: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(check, CheckState::Ok, detail)
    }

    /// A check that found something worth a look.
    pub fn warning(check: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(check, CheckState::Warning, detail)
    }

    /// A check that was not run.
    pub fn skipped(check: impl Into<String>) -> Self {
        Self::new(check, CheckState::Skipped, "")
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl DoctorReport {
    /// The report of these checks.
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

/// The checks as a table, with hints below their line. With few columns the details stand below their line too.
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

/// A check: its name in so many columns, its result, the details and the hints.
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

/// The columns between the name of a check and its details.
const BESIDE_NAME: usize = 11;

/// The least columns in which sentences are readable.
const READABLE: usize = 24;

fn state(state: CheckState) -> (Style, &'static str) {
    match state {
        CheckState::Ok => (CREATE, "ok"),
        CheckState::Warning => (MOVE, "warning"),
        CheckState::Failed => (DELETE, "FAILED"),
        CheckState::Skipped => (FAINT, "skipped"),
    }
}

/// A text with an indent, wrapped to the columns.
fn aligned(text: &str, columns: Option<u16>, indent: &str) -> String {
    match columns {
        Some(columns) => wrapped(text, columns, indent),
        None => format!("{indent}{text}"),
    }
}
