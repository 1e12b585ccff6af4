//! The run: an approved plan is written, the reindex started, the result proven, and all of it remembered.

mod apply;
mod arrival;
mod event;
mod group;
mod journal;
mod outcome;
mod process;
mod rebuilt;
mod reindex;
mod settle;
mod webhook;

pub use apply::{Applier, Stop};
pub use arrival::{Arrivals, Unsettled, is_covered};
pub use event::{Event, Observer};
pub use journal::{
    Damaged, Holder, Journal, JournalError, OpenWrite, Opening, Owed, State, WrittenLink, replay,
};
pub use outcome::{
    Applied, ChangeResult, LinksOutcome, Proof, ReindexOutcome, StepFailure, StepReport, StopCause,
};
pub use rebuilt::{Verdict, judge};
pub use reindex::{Readiness, Reindexer};
