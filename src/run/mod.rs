//! The use cases: apply an approved plan, reindex, prove the result, and record all of it.
//!
//! ```text
//! session          a connected target with its state directory
//! planner          makes plans; pure, saved_plan holds a reviewed one
//! apply_run        the use case apply: plan, guards, apply/; failure and exit say how it ended
//! reindex_session  the use case reindex; drift and rollback serve commands of that name
//! cron_check       looks whether the shop's cron has run an owed reindex
//! apply/           compares, keeps the pre-image, writes, proves, reindexes
//! ├─ write           sends the batches in turn, one or two at a time
//! │  ├─ queue          orders the batches, and decides which may go beside others
//! │  └─ retry          verifies a failed batch by reading, and retries it; decision says when
//! ├─ attempts        keeps those of unknown result until the last read
//! ├─ write_result    the result of each link, from the server's answer to the report
//! └─ external_change finds the links that somebody else changed meanwhile
//! reindex/         reindex_run decides whether to reindex, and proves the index
//! ├─ steps           runs process, webhook and wait; reindex_output reads what they print
//! └─ index           checks the index
//! journal/         the memory between runs
//! notify/          notifications to web hooks
//! in_doubt         waits for writes of unknown effect before anything builds on the links
//! verify           compares a batch with the live state
//! consistency      repeats reads that lag behind our own writes
//! ```

mod apply;
mod apply_run;
mod connect;
mod consistency;
mod cron_check;
mod drift;
mod event;
mod exit;
mod failure;
mod holder;
mod in_doubt;
mod index_check;
mod interrupt;
mod journal;
mod not_written;
mod notify;
mod planner;
mod reindex;
mod reindex_session;
mod rollback;
mod saved_plan;
mod session;
mod verify;

pub use apply::{
    Applied, Applier, ApplyError, ChangeResult, ExternalChange, LinkResult, LinkResults, LinksOutcome, Proof,
    RenamedStock, StopCause, left_out,
};
pub use apply_run::{ApplyDone, ApplyRequest, ApplyRun, ApprovedRun};
pub use consistency::RecentWrites;
pub use cron_check::{CronCheck, CronResult, check_cron};
pub use drift::{drift_exit, plan_exit};
pub use event::{Event, Observer};
pub use exit::{EXIT_CODES, Exit, ExitCode};
pub use failure::{Failure, FailureKind};
pub use holder::Holder;
pub use in_doubt::{InDoubtWrites, Unresolved, is_covered};
pub use index_check::{IndexCheck, owned_stocks, touched_stocks};
pub use interrupt::{Interrupts, Signal};
pub use journal::{
    Journal, JournalError, OpenWrite, Opening, OwedReindex, PreImage, ReplayError, RunSummary, STATE_FILES,
    State, StateFile, WrittenLink, journal_schema, replay,
};
pub use notify::{Cause, NotificationReport, Notifier, TargetState, Transition};
pub use planner::{Planner, TargetRules};
pub use reindex::{
    IndexProof, IndexProver, Products, Readiness, ReindexBy, ReindexOutcome, ReindexRun, ReindexRunResult,
    Reindexer, Scope, StepFailure, StepReport,
};
pub use reindex_session::{ReindexDone, ReindexMode, ReindexSession};
pub use rollback::{newest_pre_image, pre_images, refuse_foreign_pre_image, runs, wanted_otherwise};
pub use saved_plan::SavedPlan;
pub use session::{Comparison, Session};
