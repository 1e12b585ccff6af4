//! The decision: wanted and live topology become a [`Plan`], and guards say whether it may be applied. Pure.

mod calls;
mod change;
mod diff;
mod fingerprint;
mod guard;
pub mod index;
mod plan;
mod rank;
mod resolve;

pub use calls::{ApprovedPlan, Call, LinkKey, LinkWrite};
pub use change::{BlockedLink, Change, RankedLink, StockPlan};
pub use fingerprint::{digest_hex, live_digest};
pub use guard::{Allowances, Effect, Guard, GuardLimits, GuardVerdict, ParseAllowanceError, approve};
pub use plan::{
    InputDigest, PLAN_FORMAT, Plan, PlanError, PlanInputs, PlanWarning, Summary, TargetLabel, UnmanagedStock,
    build,
};
pub use rank::{TooManyLinks, assign};
pub use resolve::{Resolved, ResolvedLink, ResolvedStock, resolve};
