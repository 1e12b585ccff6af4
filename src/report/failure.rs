//! A command without a result, as text and as a document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{DiagnosticJson, DiagnosticsJson, visible};

use super::style::{CREATE, DELETE};
use crate::reconcile::{Plan, StaleReason};
use crate::run::{Exit, Failure, FailureKind};

/// The version of the document's JSON.
pub const FAILURE_FORMAT: u32 = 1;

/// The JSON on standard output when a command has no result.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake failure")]
pub struct FailureReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: Exit,
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

impl From<&Failure> for FailureReport {
    fn from(failure: &Failure) -> Self {
        let findings = failure.findings.as_deref();
        Self {
            format_version: FAILURE_FORMAT,
            exit_code: failure.exit,
            error: failure.message.clone(),
            kind: failure.kind,
            causes: failure.causes.clone(),
            hints: failure.hints.clone(),
            diagnostics: findings
                .map(|(findings, files)| DiagnosticsJson::new(findings, files).diagnostics)
                .unwrap_or_default(),
            differences: failure.differences.clone(),
            plan: failure.plan.clone(),
        }
    }
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
