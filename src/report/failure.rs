//! A command that came to no result, as text and as a document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{DiagnosticJson, visible};

use super::style::{CREATE, DELETE};
use crate::reconcile::{Plan, StaleReason};

/// The version of the document's JSON.
pub const FAILURE_FORMAT: u32 = 1;

/// What stands on standard output when a command that was asked for JSON came to no result.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake failure")]
pub struct FailureReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: u8,
    /// What happened.
    pub error: String,
    /// The kind of failure, where a program may want to act on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FailureKind>,
    /// The causes, from the nearest to the first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// Findings about files.
    pub diagnostics: Vec<DiagnosticJson>,
    /// In what the plan that has become stale no longer holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<StaleReason>,
    /// The plan that was refused or declined; of one that has become stale, the plan as it would be now, and where that
    /// was not worked out, the stale one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Plan>>,
}

/// The kinds of failure that a program may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A secret is there and empty, as CI systems leave those that a run may not see: a fork's, or Dependabot's.
    EmptySecret,
    /// No credential is given, or the environment variable of a secret is not set.
    UnsetSecret,
}

/// The failure as text, without its findings.
pub fn failure_text(report: &FailureReport) -> String {
    let mut out = format!("{DELETE}error:{DELETE:#} {}\n", visible(&report.error));
    // Writing to a String cannot fail.
    for cause in &report.causes {
        let _ = writeln!(out, "  because: {}", visible(cause));
    }
    for hint in &report.hints {
        let _ = writeln!(out, "  {CREATE}help:{CREATE:#} {}", visible(hint));
    }
    out
}
