//! Compares the wanted with the live topology, makes a [`Plan`], and lets guards approve it. No I/O.

mod build;
mod change;
mod compare;
mod diff;
mod fingerprint;
mod guard;
mod guard_override;
mod guards;
pub mod index;
mod labels;
mod lookup;
mod plan;
mod rank;
mod reorder;
mod resolve;
mod rules;
mod saved;
mod scope;
mod stale_reason;
mod write_batch;

pub use build::{PlanError, PlanInputs, build, input_digests};
pub use change::{BlockedLink, Change, Counts, MoveKind, RankedLink, Reorder, StockPlan};
pub use fingerprint::{digest_hex, plan_digest};
pub use guard::{Enforcement, Guard, GuardVerdict};
pub use guard_override::{GUARD_NAMES, GuardOverrides, ParseGuardOverrideError};
pub use guards::approve;
pub use labels::{Labels, SourceLabel, StockLabel};
pub use plan::{InputDigest, PLAN_FORMAT, Plan, PlanWarning, Summary, TargetLabel, UnmanagedStock};
pub use rank::{TooManyLinks, assign};
pub use resolve::{Resolved, ResolvedLink, ResolvedStock, resolve};
pub use rules::RULES;
pub use saved::SavedPlanError;
pub use scope::{PlanScope, StockScope, UnknownStock};
pub use stale_reason::{StaleReason, StockKey};
pub use write_batch::{ApprovedPlan, LinkKey, LinkWrite, WriteBatch};
