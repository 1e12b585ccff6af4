//! The outcome of a reindex: each step with its time and failure.

use schemars::JsonSchema;
use serde::Serialize;

/// The result of one reindex step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReport {
    /// The step in words.
    pub step: String,
    /// The time it took, in milliseconds.
    pub milliseconds: u64,
    /// The failure; `None` when it succeeded.
    pub failure: Option<StepFailure>,
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
    /// The exit code was 0 but the output shows that an index was not rebuilt.
    #[error("exit code 0, but {detail}")]
    NotRebuilt {
        /// The reason, from the output.
        detail: String,
    },
    /// Another index run held the index to the end of the step's time.
    #[error("another index run held the index for the whole time of the step")]
    Locked,
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
