//! The exits of commands that only read: plan and drift.

use super::exit::Exit;
use crate::reconcile::Plan;
use crate::reconcile::index::IndexVerdict;

/// The exit of a drift check. A known difference beats what is unknown.
pub fn drift_exit(plan: &Plan, index: Option<IndexVerdict>) -> Exit {
    if !plan.in_sync() || index == Some(IndexVerdict::Stale) {
        Exit::Changes
    } else if !plan.doubts.is_empty() || index == Some(IndexVerdict::Unknown) {
        Exit::Error
    } else {
        Exit::Done
    }
}

/// The exit of a plan. Changes and an incomplete read count only if `detailed`.
pub fn plan_exit(plan: &Plan, detailed: bool) -> Exit {
    match detailed {
        _ if plan.meets_a_guard() => Exit::Refused,
        true if !plan.doubts.is_empty() => Exit::Error,
        true if !plan.in_sync() => Exit::Changes,
        _ => Exit::Done,
    }
}
