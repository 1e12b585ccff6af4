//! A command without a result, as text and as a document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{DiagnosticJson, visible};

use super::style::{CREATE, DELETE};
use crate::reconcile::{Plan, StaleReason};

/// The version of the document's JSON.
pub const FAILURE_FORMAT: u32 = 1;

/// The JSON on standard output when a command has no result.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake failure")]
pub struct FailureReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: u8,
    /// The error.
    pub error: String,
    /// The kind of failure, if a program may want to act on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FailureKind>,
    /// The causes, from the nearest to the first.
    pub causes: Vec<String>,
    /// Hints on what to do next.
    pub hints: Vec<String>,
    /// Findings about files.
    pub diagnostics: Vec<DiagnosticJson>,
    /// Why the plan is stale.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<StaleReason>,
    /// The refused or declined plan. For a stale plan it is the plan as it would be now, or the stale one if no new plan
    /// was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Plan>>,
}

/// The kinds of failure that a program may want to distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A secret is set but empty. CI systems do that in runs that may not see it, such as those of forks or Dependabot.
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
