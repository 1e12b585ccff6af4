//! The failures of an apply after which nothing was written.

use super::apply::ApplyError;
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupts, Signal};
use super::planner::Planner;
use crate::reconcile::{GuardVerdict, Plan, StaleReason};

/// The failure of a plan that a guard refuses.
pub(super) fn refused(plan: Plan, refusals: &[GuardVerdict]) -> Failure {
    let mut failure = Failure::new(Exit::Refused, "refused by a guard; nothing was written").about(plan);
    for refusal in refusals {
        failure.causes.push(refusal.guard.to_string());
        failure.hints.push(refusal.advice());
    }
    failure
}

/// The failure of an apply that stopped before anything was written.
pub(super) fn stopped(stop: ApplyError, planner: &Planner, interrupts: &Interrupts) -> Failure {
    match stop {
        ApplyError::Interrupted => Failure::new(
            interrupts.held().map_or(Exit::Interrupted, Signal::exit),
            "interrupted; nothing was written",
        ),
        ApplyError::NoPreImage(error) => {
            Failure::error("the way back could not be kept; nothing was written").caused_by(&error)
        }
        ApplyError::Unreadable(error) => error.into(),
        ApplyError::Unplannable(error) => planner.unplannable(error),
        ApplyError::Journal(error) => error.into(),
        ApplyError::Stale { now, differences } => {
            let what = what_changed(&differences, &now.doubts);
            Failure::new(Exit::Stale, format!("{what}; nothing was written"))
                .hint("look at the plan as it is now and apply again")
                .differing(differences)
                .replanned(*now)
        }
    }
}

/// The shop itself, or only the completeness of the read.
fn what_changed(differences: &[StaleReason], doubts: &[String]) -> &'static str {
    let only_the_read = differences
        .iter()
        .all(|found| matches!(found, StaleReason::Doubts { .. } | StaleReason::Guards { .. }));
    match (only_the_read, doubts.is_empty()) {
        (true, false) => "the live state could not be read as completely as when the plan was made",
        (true, true) => "the plan was made from a read that may be incomplete, and this one is complete",
        (false, true) => "the live state has changed since the plan was made",
        (false, false) => {
            "the live state has changed since the plan was made, or could not be read completely"
        }
    }
}
