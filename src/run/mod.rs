//! The run: an approved plan is written, the reindex started, the result proven, and all of it remembered.
//!
//! ```text
//! apply      compares, keeps the pre-image, writes, proves, refreshes
//! ├─ arrival   before anything builds on the links: writes of unknown outcome have landed or no longer can
//! ├─ pre_image what the stocks hold before the first write, as an inventory
//! ├─ write     the calls in turn, one or two at a time, cut and halved
//! │  ├─ queue    those that wait, and which of them may go beside others
//! │  └─ recover  one that failed: settled by reading, tried again
//! │     ├─ settle  whether a read shows a call
//! │     └─ tries   those that were not answered plainly, until the last read tells what became of them
//! ├─ consistency reads again what may come from a replica that does not show our writes yet
//! ├─ fate      what that makes of each change; foreign: what somebody else changed meanwhile
//! └─ refresh   the index, when that is owed or found stale (arrival again, right before)
//!    ├─ reindex  the steps: process (in a group), webhook, wait (until the index shows the links); rebuilt judges what they print
//!    └─ index    looks at the index, for the proof and for wait
//! ```
//!
//! `journal` notes all of it between runs, `event` tells it to who listens, `outcome` is what comes of it.

mod apply;
mod apply_run;
mod connect;
mod consistency;
mod drift;
mod event;
mod exit;
mod failure;
mod in_doubt;
mod index_check;
mod interrupt;
mod journal;
mod notify;
mod outcome;
mod planner;
mod reindex;
mod reindex_session;
mod rollback;
mod saved_plan;
mod session;
mod verify;

pub use apply::{Applier, ApplyError, left_out};
pub use apply_run::{ApplyDone, ApplyRequest, ApplyRun, ApprovedRun};
pub use consistency::RecentWrites;
pub use drift::{drift_exit, plan_exit};
pub use event::{Event, Observer};
pub use exit::{EXIT_CODES, Exit, ExitCode};
pub use failure::{Failure, FailureKind};
pub use in_doubt::{InDoubtWrites, Unresolved, is_covered};
pub use index_check::{IndexCheck, owned_stocks, touched_stocks};
pub use interrupt::{Interrupts, Signal};
pub use journal::{
    Holder, Journal, JournalError, OpenWrite, Opening, Owed, PreImage, ReplayError, STATE_FILES, State,
    StateFile, WrittenLink, journal_schema, replay,
};
pub use notify::{Cause, NotificationReport, Notifier, TargetState, Transition};
pub use outcome::{
    Applied, ChangeOutcome, ChangeResult, ExternalChange, LinksOutcome, Proof, ReindexOutcome, StepFailure,
    StepReport, StopCause,
};
pub use planner::{Planner, TargetRules};
pub use reindex::{
    IndexProof, IndexProver, IndexerResult, Products, Readiness, ReindexRun, ReindexRunResult, Reindexer,
    Scope, indexer_result,
};
pub use reindex_session::{ReindexDone, ReindexMode, ReindexSession};
pub use rollback::{newest_pre_image, pre_images, refuse_foreign_pre_image};
pub use saved_plan::SavedPlan;
pub use session::{Comparison, Session};
