//! What came of a run: of each change, of the reindex, of the proof.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::journal::JournalError;
use super::reindex::IndexProof;
use crate::commerce::{ApiError, OUT_OF_TIME};
use crate::model::{SourceCode, StockId, StockName};
use crate::reconcile::{Plan, PlanError};

/// What came of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeResult {
    /// The server confirmed it, or a read after an unclear answer shows it.
    Done,
    /// It was tried, and a read shows that it did not take effect.
    Failed,
    /// It was tried, and whether it takes effect cannot be told: nothing could be read afterwards, or the server may still
    /// be at work on it.
    Unknown,
    /// It was not tried: something before it failed, or it was withheld.
    NotTried,
}

/// What came of one change, and why it is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeOutcome {
    /// What came of it.
    pub result: ChangeResult,
    /// What the shop said of this very link, or why it was not tried, if that is known.
    pub reason: Option<String>,
}

impl From<ChangeResult> for ChangeOutcome {
    fn from(result: ChangeResult) -> Self {
        Self { result, reason: None }
    }
}

/// What came of the links.
#[derive(Debug)]
pub struct LinksOutcome {
    /// The outcome of each change, for each stock of the plan in order.
    pub results: Vec<Vec<ChangeOutcome>>,
    /// The failure that stopped the writes, if one did.
    pub stopped_by: Option<StopCause>,
    /// The shop's refusal of the first link that it refused, whether or not that stopped the writes.
    pub refusal: Option<Box<ApiError>>,
}

/// A link that is not as the run left it: somebody else changed it while the run was at work, or reads do not show yet what was
/// written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalChange {
    /// The stock's id.
    pub stock_id: StockId,
    /// The stock's name.
    pub stock: StockName,
    /// The source.
    pub source_code: SourceCode,
    /// The priority that the run left it with; `None` for no link.
    pub left: Option<u16>,
    /// The priority that the proof found; `None` for no link.
    pub found: Option<u16>,
}

/// What stopped the writes on their way.
#[derive(Debug, thiserror::Error)]
pub enum StopCause {
    /// A write failed.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The journal could no longer be written.
    #[error(transparent)]
    Journal(JournalError),
    /// Somebody interrupted the run.
    #[error("interrupted")]
    Interrupted,
    /// The time for the whole run is over.
    #[error("the time for the whole run is over")]
    OutOfTime,
}

impl LinksOutcome {
    /// Whether any change has that result.
    pub fn any(&self, result: ChangeResult) -> bool {
        self.count(result) > 0
    }

    /// How many changes have that result.
    pub fn count(&self, result: ChangeResult) -> usize {
        self.results
            .iter()
            .flatten()
            .filter(|found| found.result == result)
            .count()
    }

    /// What to do about what stopped the writes, or else about the first refusal; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match (&self.stopped_by, &self.refusal) {
            (Some(stop), _) => stop.hints(),
            (None, Some(refusal)) => refusal.hints.clone(),
            (None, None) => Vec::new(),
        }
    }

    /// Forgets a failure that stopped the writes when a read shows that everything is done all the same: what follows the
    /// writes may come.
    pub(super) fn forget_untrue_failures(&mut self) {
        if self.complete() {
            self.refusal = None;
            self.stopped_by
                .take_if(|cause| matches!(cause, StopCause::Api(_)));
        }
    }

    /// Whether every change is done.
    pub fn complete(&self) -> bool {
        self.results
            .iter()
            .flatten()
            .all(|found| found.result == ChangeResult::Done)
    }
}

impl StopCause {
    /// What to do about it; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Api(error) => error.hints.clone(),
            Self::OutOfTime => vec![OUT_OF_TIME.to_owned()],
            Self::Journal(error) => error.hints(),
            Self::Interrupted => Vec::new(),
        }
    }
}

/// What a full read after the writes shows.
#[derive(Debug)]
pub enum Proof {
    /// Every link of every owned stock is as wanted.
    Converged,
    /// Something is not as wanted: the plan of what is left.
    Left(Box<Plan>),
    /// All that was read is as wanted, and the read may be incomplete: why.
    Doubtful(Vec<String>),
    /// The live state could not be read.
    Unreadable(ApiError),
    /// The live state no longer fits the files: a stock or source is gone.
    Unplannable(PlanError),
}

/// What one reindex step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReport {
    /// The step in words.
    pub step: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Why it did not succeed; `None` when it did.
    pub failure: Option<StepFailure>,
}

/// Why a reindex step did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum StepFailure {
    /// The program could not be started.
    #[error("`{program}` could not be started: {error}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
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
        /// What the output shows.
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
        /// What happened.
        detail: String,
    },
    /// The index did not show the links in time, or could not be looked at.
    #[error("{detail}")]
    IndexNotProven {
        /// What was seen last.
        detail: String,
    },
    /// It succeeded, and the journal could not take note of it.
    #[error("done, but not remembered: {detail}")]
    NotRecorded {
        /// Why not.
        detail: String,
    },
}

/// What came of the reindex.
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
    /// Links were changed and it was not tried, since the writes did not come to their end; it is owed.
    NotTried,
}

/// What came of a whole apply.
#[derive(Debug)]
pub struct Applied {
    /// The file that keeps what the stocks held before; `None` when there was nothing to change.
    pub pre_image: Option<PathBuf>,
    /// What came of the links.
    pub links: LinksOutcome,
    /// What a full read after the writes shows.
    pub proof: Proof,
    /// What somebody else changed meanwhile, so that the proof did not find everything as wanted.
    pub foreign: Vec<ExternalChange>,
    /// What was written and is still read as it was before.
    pub not_arrived: Vec<ExternalChange>,
    /// What came of the reindex.
    pub reindex: ReindexOutcome,
    /// What the last look at the index brought; `None` when no proof of it was wanted, or it came to none.
    pub index: Option<IndexProof>,
}
