//! The decision: wanted and live topology become a [`Plan`], and guards say whether it may be applied. Pure.

mod allowance;
mod build;
mod calls;
mod change;
mod compare;
mod diff;
mod difference;
mod fingerprint;
mod guard;
pub mod index;
mod judge;
mod labels;
mod lookup;
mod plan;
mod rank;
mod resolve;
mod rules;
mod saved;

pub use allowance::{Allowances, ParseAllowanceError};
pub use build::{PlanError, PlanInputs, build, input_digests};
pub use calls::{ApprovedPlan, Call, LinkKey, LinkWrite};
pub use change::{BlockedLink, Change, Counts, RankedLink, StockPlan};
pub use difference::{Difference, StockKey};
pub use fingerprint::{digest_hex, live_digest, plan_digest};
pub use guard::{Effect, Guard, GuardLimits, GuardVerdict};
pub use judge::approve;
pub use labels::{Labels, SourceLabel, StockLabel};
pub use plan::{InputDigest, PLAN_FORMAT, Plan, PlanWarning, Summary, TargetLabel, UnmanagedStock};
pub use rank::{TooManyLinks, assign};
pub use resolve::{Resolved, ResolvedLink, ResolvedStock, resolve};
pub use rules::RULES;
pub use saved::SavedPlanError;
