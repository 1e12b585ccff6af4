//! The outcome of a reindex: each step with its time and failure.

use schemars::JsonSchema;
use serde::Serialize;

use super::index_titles::reset_command;

/// The result of one reindex step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReport {
    /// The step in words.
    pub step: String,
    /// The time it took, in milliseconds.
    pub milliseconds: u64,
    /// The failure; `None` when it succeeded.
    pub failure: Option<StepFailure>,
    /// True if it was ended midway and may have run an index: the shop's index then stays at `working`, and each later run
    /// skips it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut_off: bool,
}

impl StepReport {
    /// What to do about its failure, where more is to be done than to try again.
    pub fn hint(&self) -> Option<String> {
        match &self.failure {
            Some(StepFailure::Locked { indexes, .. }) => Some(left_at_working(indexes)),
            Some(_) if self.cut_off => Some(CUT_OFF.to_owned()),
            _ => None,
        }
    }
}

/// What is said of a step that was ended midway.
const CUT_OFF: &str = "an index run that is ended midway leaves the shop's index at `working`, and each later run skips it: if \
                       no index run is at work there any more, `bin/magento indexer:reset inventory` frees it";

/// What is said of indexes, by title, that are held for long.
pub(super) fn left_at_working(indexes: &[String]) -> String {
    format!(
        "if no index run is at work on the shop, one that was killed has left the index at `working`: `{}` frees it",
        reset_command(indexes)
    )
}

/// The failure of a reindex step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum StepFailure {
    /// The program could not be started.
    #[error("`{program}` could not be started: {error}")]
    NotStarted {
        /// The program.
        program: String,
        /// The error of the system.
        error: String,
    },
    /// The program or shop reported failure by its exit code.
    #[error("exit code {code}")]
    ExitCode {
        /// The code; -1 when a signal ended it.
        code: i32,
    },
    /// The output shows that an index was not rebuilt, or lacks the word that it was.
    #[error("exit code {code}{} {detail}", if *code == 0 { ", but" } else { ":" })]
    NotRebuilt {
        /// The exit code; -1 when a signal ended it.
        code: i32,
        /// The reason, from the output.
        detail: String,
    },
    /// The shop said for as long as it was waited that another index run holds these indexes. The shop says the same of an
    /// index that a killed run has left at `working` (recording 07).
    #[error("another index run held the index {} for {seconds} s", indexes.join(", "))]
    Locked {
        /// The titles of the indexes.
        indexes: Vec<String>,
        /// The time for which they were held, in seconds.
        seconds: u64,
    },
    /// The time of the step ran out.
    #[error("not done within {seconds} s")]
    TimedOut {
        /// The time of the step, in seconds.
        seconds: u64,
    },
    /// Somebody interrupted the run.
    #[error("interrupted")]
    Interrupted,
    /// The web hook did not answer with success.
    #[error("{detail}")]
    Webhook {
        /// The error.
        detail: String,
    },
    /// The index did not show the links in time, or could not be looked at.
    #[error("{detail}")]
    IndexNotProven {
        /// The last state of the index.
        detail: String,
    },
    /// It succeeded, and the journal could not take note of it.
    #[error("done, but not remembered: {detail}")]
    NotRecorded {
        /// The error of the journal.
        detail: String,
    },
}

impl StepFailure {
    /// True if a signal ended the program, such as for lack of memory: by the system's word, or by that of a shell or `ssh`,
    /// which add 128.
    pub(super) fn is_by_signal(&self) -> bool {
        let (Self::ExitCode { code } | Self::NotRebuilt { code, .. }) = self else {
            return false;
        };
        matches!(code, -1 | 129..=159)
    }
}

/// Who brings a target's index up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReindexBy {
    /// The target's own steps, which stocktake runs.
    Steps,
    /// The shop's cron. stocktake runs nothing.
    Cron,
}

/// The outcome of a reindex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReindexOutcome {
    /// No link was created or deleted, and none was owed.
    NotNeeded,
    /// All steps succeeded; they started after the last write.
    Done(Vec<StepReport>),
    /// The target relies on its cron: quantities are stale until it has run.
    LeftToCron,
    /// A step failed; the reindex is owed.
    Failed(Vec<StepReport>),
    /// Links were changed, and it was not tried because the writes ended early; it is owed.
    NotTried,
}
