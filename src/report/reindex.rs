//! The report of a reindex, as data and as text.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::visible;

use super::index::{IndexReport, index_text};
use super::style::{DELETE, MOVE};
use crate::run::{Exit, ReindexOutcome, StepReport};

/// The version of the report's JSON.
pub const REINDEX_FORMAT: u32 = 1;

/// The report of `stocktake reindex`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake reindex report")]
pub struct ReindexRunReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The exit code of the command.
    pub exit_code: Exit,
    /// The reindex.
    pub reindex: ReindexReport,
    /// The proof of the index, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

/// The reindex.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReindexReport {
    /// No link was created or deleted, and none was owed.
    NotNeeded,
    /// All steps succeeded; they started after the last write.
    Done {
        /// The steps.
        steps: Vec<StepReport>,
    },
    /// It is left to the shop's cron; quantities are stale until that has run.
    LeftToCron,
    /// A person declared that the shop has reindexed by itself; none is owed any more.
    Declared,
    /// A step failed; the reindex is owed.
    Failed {
        /// The steps up to the one that failed.
        steps: Vec<StepReport>,
    },
    /// It was not tried and is owed.
    NotTried,
}

impl From<&ReindexOutcome> for ReindexReport {
    fn from(outcome: &ReindexOutcome) -> Self {
        match outcome {
            ReindexOutcome::NotNeeded => Self::NotNeeded,
            ReindexOutcome::Done(steps) => Self::Done { steps: steps.clone() },
            ReindexOutcome::LeftToCron => Self::LeftToCron,
            ReindexOutcome::Failed(steps) => Self::Failed { steps: steps.clone() },
            ReindexOutcome::NotTried => Self::NotTried,
        }
    }
}

/// Adds the outcome of a reindex to a report.
pub(super) fn write_reindex(out: &mut String, reindex: &ReindexReport) {
    let _ = match reindex {
        ReindexReport::NotNeeded => writeln!(out, "Reindex: not needed"),
        ReindexReport::Done { steps } => writeln!(out, "Reindex: done, {}", milliseconds(steps)),
        ReindexReport::LeftToCron => {
            writeln!(
                out,
                "Reindex: {MOVE}left to the shop's cron{MOVE:#}; quantities are stale until it has run"
            )
        }
        ReindexReport::Declared => writeln!(
            out,
            "Reindex: declared as done by the shop, none is owed any more"
        ),
        ReindexReport::NotTried => {
            writeln!(
                out,
                "Reindex: {MOVE}not tried, owed{MOVE:#}; the next apply or `stocktake reindex` runs it"
            )
        }
        ReindexReport::Failed { steps } => {
            let failed = steps
                .iter()
                .find_map(|step| step.failure.as_ref().map(|failure| (&step.step, failure)));
            let cause = failed
                .map(|(step, failure)| format!("`{step}`: {failure}"))
                .unwrap_or_default();
            writeln!(
                out,
                "Reindex: {DELETE}failed, owed{DELETE:#}: {}",
                visible(&cause)
            )
        }
    };
}

/// The report as text.
pub fn reindex_text(report: &ReindexRunReport) -> String {
    let mut out = String::new();
    match &report.reindex {
        ReindexReport::NotNeeded => out.push_str("Reindex: none is owed; --force runs it all the same\n"),
        other => write_reindex(&mut out, other),
    }
    out + &report.index.as_ref().map(index_text).unwrap_or_default()
}

fn milliseconds(steps: &[StepReport]) -> String {
    let total: u64 = steps.iter().map(|step| step.milliseconds).sum();
    let noun = if steps.len() == 1 { "step" } else { "steps" };
    format!(
        "{} {noun} in {}.{:01} s",
        steps.len(),
        total / 1000,
        total % 1000 / 100
    )
}
