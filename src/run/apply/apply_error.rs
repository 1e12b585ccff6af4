//! The reasons why an apply stopped before anything was written.

use crate::commerce::ApiError;
use crate::export::ExportError;
use crate::reconcile::{Plan, PlanError, StaleReason};
use crate::run::in_doubt::Unresolved;
use crate::run::journal::JournalError;

/// The reason why an apply stopped before anything was written.
#[derive(Debug)]
pub enum ApplyError {
    /// The live state could not be read again.
    Unreadable(ApiError),
    /// The live state has changed since the plan was made.
    Stale {
        /// The plan as it would be now.
        now: Box<Plan>,
        /// The differences from the approved plan.
        differences: Vec<StaleReason>,
    },
    /// The live state no longer fits the files.
    Unplannable(PlanError),
    /// The journal cannot be written, so an owed reindex could be lost.
    Journal(JournalError),
    /// The pre-image could not be written, so a rollback would be impossible.
    NoPreImage(ExportError),
    /// Somebody interrupted the run.
    Interrupted,
}

impl From<Unresolved> for ApplyError {
    fn from(unsettled: Unresolved) -> Self {
        match unsettled {
            Unresolved::Journal(error) => Self::Journal(error),
            Unresolved::Interrupted => Self::Interrupted,
        }
    }
}
