//! The run: an approved plan is written, the reindex started, the result proven, and all of it remembered.

mod apply;
mod event;
mod fate;
mod foreign;
mod journal;
mod outcome;
mod process;
mod rebuilt;
mod reindex;
mod send;
mod settle;
mod webhook;
mod write;

pub use apply::{Applier, Stop};
pub use event::{Event, Observer};
pub use journal::{Journal, JournalError, Owed};
pub use outcome::{
    Applied, ChangeOutcome, ChangeResult, ForeignChange, LinksOutcome, Proof, ReindexOutcome, StepFailure,
    StepReport, StopCause,
};
pub use rebuilt::{Verdict, judge};
pub use reindex::{Readiness, Reindexer};
