//! The report of a reindex, as data and as text.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::visible;

use super::index::{IndexReport, index_text};
use super::style::{CREATE, DELETE, MOVE};
use crate::run::{Exit, ReindexBy, ReindexOutcome, StepReport};

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
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
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
        /// What to do on the shop before the next try, where more is to be done than to try again.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hints: Vec<String>,
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
            ReindexOutcome::Failed(steps) => Self::Failed {
                steps: steps.clone(),
                hints: steps.iter().filter_map(StepReport::hint).collect(),
            },
            ReindexOutcome::NotTried => Self::NotTried,
        }
    }
}

/// Adds the outcome of a reindex to a report.
pub(super) fn write_reindex(out: &mut String, reindex: &ReindexReport, by: ReindexBy) {
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
                "Reindex: {MOVE}not tried, owed{MOVE:#}; {}",
                match by {
                    ReindexBy::Steps => "the next apply or `stocktake reindex` runs it",
                    ReindexBy::Cron => "the shop's cron runs it",
                }
            )
        }
        ReindexReport::Failed { steps, hints } => {
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
            .and_then(|()| {
                let mut hints = hints.iter().map(|hint| visible(hint));
                hints.try_for_each(|hint| writeln!(out, "         {CREATE}help:{CREATE:#} {hint}"))
            })
        }
    };
}

/// Who pays a reindex that is owed, as a clause.
pub(super) fn payer(by: ReindexBy) -> &'static str {
    match by {
        ReindexBy::Steps => "`stocktake reindex` runs it",
        ReindexBy::Cron => "the shop's cron runs it, and `stocktake drift` looks whether it has",
    }
}

/// The report as text.
pub fn reindex_text(report: &ReindexRunReport) -> String {
    let mut out = String::new();
    match &report.reindex {
        ReindexReport::NotNeeded if report.reindex_by == ReindexBy::Steps => {
            out.push_str("Reindex: none is owed; --force runs it all the same\n");
        }
        ReindexReport::NotNeeded => out.push_str("Reindex: none is owed\n"),
        other => write_reindex(&mut out, other, report.reindex_by),
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
