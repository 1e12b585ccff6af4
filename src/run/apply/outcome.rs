//! The outcome of an apply: of each link, of the proof and of the reindex.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::renamed::RenamedStock;
use super::write_result::{ChangeResult, LinkResults};
use crate::commerce::{ApiError, OUT_OF_TIME};
use crate::model::{SourceCode, StockId, StockName};
use crate::reconcile::{Plan, PlanError};
use crate::run::journal::JournalError;
use crate::run::reindex::{IndexProof, ReindexBy, ReindexOutcome};

/// The outcome of the link writes.
#[derive(Debug)]
pub struct LinksOutcome {
    /// The result of each change of the plan, by stock and source.
    pub results: LinkResults,
    /// The failure that stopped the writes, if one did.
    pub stopped_by: Option<StopCause>,
    /// The shop's refusal of the first link that it refused, whether or not that stopped the writes.
    pub refusal: Option<Box<ApiError>>,
}

/// A link that is not as the run left it: somebody else changed it meanwhile, or reads do not show the write yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExternalChange {
    /// The stock's id.
    pub stock_id: StockId,
    /// The stock's name.
    pub stock: StockName,
    /// The source.
    pub source_code: SourceCode,
    /// The priority that the run left it with; `null` for no link.
    pub left: Option<u16>,
    /// The priority that the proof found; `null` for no link.
    pub found: Option<u16>,
}

/// The reason why the writes ended early.
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
    /// True if any change has that result.
    pub fn any(&self, result: ChangeResult) -> bool {
        self.count(result) > 0
    }

    /// The number of changes with that result.
    pub fn count(&self, result: ChangeResult) -> usize {
        self.results.iter().filter(|link| link.result() == result).count()
    }

    /// True if every change is done.
    pub fn complete(&self) -> bool {
        self.results
            .iter()
            .all(|link| link.result() == ChangeResult::Done)
    }

    /// Advice on what stopped the writes, or else on the first refusal; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match (&self.stopped_by, &self.refusal) {
            (Some(stop), _) => stop.hints(),
            (None, Some(refusal)) => refusal.hints.clone(),
            (None, None) => Vec::new(),
        }
    }

    /// Drops the failure of a write when a read shows that every change is done all the same: the run goes on.
    pub(super) fn drop_disproven_failures(&mut self) {
        if self.complete() {
            self.refusal = None;
            self.stopped_by
                .take_if(|cause| matches!(cause, StopCause::Api(_)));
        }
    }
}

impl StopCause {
    /// Advice on it; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Api(error) => error.hints.clone(),
            Self::OutOfTime => vec![OUT_OF_TIME.to_owned()],
            Self::Journal(error) => error.hints(),
            Self::Interrupted => Vec::new(),
        }
    }
}

/// The proof by a read of the changed stocks after the writes.
#[derive(Debug)]
pub enum Proof {
    /// Every link of every changed stock is as wanted; of every compared stock if there was nothing to change.
    Converged,
    /// Some links are not as wanted: the plan of what is left.
    Left(Box<Plan>),
    /// All that was read is as wanted, and the read may be incomplete: why.
    Incomplete(Vec<String>),
    /// The live state could not be read.
    Unreadable(ApiError),
    /// The live state no longer fits the files: a stock or source is gone.
    Unplannable(PlanError),
}

/// The outcome of a whole apply.
#[derive(Debug)]
pub struct Applied {
    /// The pre-image file; `None` when there was nothing to change.
    pub pre_image: Option<PathBuf>,
    /// The outcome of the link writes.
    pub links: LinksOutcome,
    /// The proof by a read after the writes.
    pub proof: Proof,
    /// The links that somebody else changed during the run, where the proof did not find everything as wanted.
    pub external: Vec<ExternalChange>,
    /// The links that were written and are still read as they were before.
    pub not_arrived: Vec<ExternalChange>,
    /// The stocks that somebody renamed during the run; they are proven by their id.
    pub renamed: Vec<RenamedStock>,
    /// The outcome of the reindex.
    pub reindex: ReindexOutcome,
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
    /// The last check of the index; `None` when no proof of it was wanted, or the reindex failed.
    pub index: Option<IndexProof>,
}
