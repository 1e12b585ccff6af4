//! The run: an approved plan is written, the reindex started, the result proven, and all of it remembered.

mod apply;
mod arrival;
mod event;
mod fate;
mod foreign;
mod group;
mod index;
mod journal;
mod notify;
mod outcome;
mod pre_image;
mod process;
mod rebuilt;
mod refresh;
mod reindex;
mod send;
mod settle;
mod wait;
mod webhook;
mod write;

pub use apply::{Applier, Stop};
pub use arrival::{Arrivals, Unsettled, is_covered};
pub use event::{Event, Observer};
pub use index::{IndexProof, IndexProver, Products, Scope};
pub use journal::{
    Damaged, Holder, Journal, JournalError, OpenWrite, Opening, Owed, PreImage, State, Told, WrittenLink,
    replay,
};
pub use notify::{Condition, News, Obstacle, Undelivered, deliver};
pub use outcome::{
    Applied, ChangeOutcome, ChangeResult, ForeignChange, LinksOutcome, Proof, ReindexOutcome, StepFailure,
    StepReport, StopCause,
};
pub use pre_image::left_out;
pub use rebuilt::{Verdict, judge};
pub use refresh::{Refresh, Refreshed};
pub use reindex::{Readiness, Reindexer};
