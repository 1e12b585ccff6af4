//! The report of a command on several targets.

mod text;

use schemars::JsonSchema;
use serde::Serialize;

use super::apply::ApplyReport;
use super::doctor::DoctorReport;
use super::drift::DriftReport;
use super::failure::FailureReport;
use super::reindex::ReindexRunReport;
use super::status::StatusReport;
use crate::reconcile::{Plan, PlanScope};
use crate::run::Exit;

pub use text::{heading_text, section_text, several_text, summary_text};

/// The version of the document's JSON.
pub const SEVERAL_FORMAT: u32 = 1;

/// The result of a command on several targets.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake report of several targets")]
pub struct SeveralReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The worst exit code of the targets. From worst to best: 130 and 143, 5, 6, 4, 3, 64, 1, 2, 0.
    pub exit_code: Exit,
    /// The command, such as `plan`.
    pub command: String,
    /// The targets, in the order of the command line or of the file.
    pub targets: Vec<TargetReport>,
}

/// The result on one target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TargetReport {
    /// The target's name.
    pub target: String,
    /// The exit code that the command would have had on this target alone.
    pub exit_code: Exit,
    /// The report, or why there is none.
    #[serde(flatten)]
    pub outcome: TargetOutcome,
}

impl TargetReport {
    /// The stocks that its report is about, if they were named.
    pub fn scope(&self) -> Option<&PlanScope> {
        match &self.outcome {
            TargetOutcome::Report(report) => report.scope(),
            TargetOutcome::Error(_) => None,
        }
    }
}

/// A report, or why there is none.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetOutcome {
    /// The document that the command prints for one target.
    Report(CommandReport),
    /// Why the command has no result.
    Error(Box<FailureReport>),
}

/// The document of each command.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum CommandReport {
    /// Of `plan`.
    Plan(Box<Plan>),
    /// Of `drift`.
    Drift(Box<DriftReport>),
    /// Of `apply`.
    Apply(Box<ApplyReport>),
    /// Of `status`.
    Status(Box<StatusReport>),
    /// Of `reindex`.
    Reindex(Box<ReindexRunReport>),
    /// Of `doctor`.
    Doctor(Box<DoctorReport>),
}

impl CommandReport {
    /// The stocks that the report is about, if they were named.
    pub fn scope(&self) -> Option<&PlanScope> {
        match self {
            Self::Plan(plan) => plan.scope.as_ref(),
            Self::Drift(report) => report.plan.scope.as_ref(),
            Self::Apply(report) => report.plan.scope.as_ref(),
            Self::Status(report) => report.scope.as_ref(),
            Self::Reindex(_) | Self::Doctor(_) => None,
        }
    }
}

macro_rules! of_commands {
    ($($variant:ident of $report:ty),+) => {
        $(impl From<$report> for CommandReport {
            fn from(report: $report) -> Self {
                Self::$variant(Box::new(report))
            }
        })+
    };
}

of_commands!(
    Plan of Plan, Drift of DriftReport, Apply of ApplyReport, Status of StatusReport,
    Reindex of ReindexRunReport, Doctor of DoctorReport
);
