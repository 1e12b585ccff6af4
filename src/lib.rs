//! Inventory topology as code for Adobe Commerce / Magento Multi-Source Inventory.
//!
//! ```text
//! inventory.yaml ─ load ─▶ Spec ┐
//!                               ├─ resolve ─ diff ─ rank ─▶ Plan ─ guard ─▶ ApprovedPlan ─ apply ─▶ Outcome ─▶ Report
//! Commerce ─ Reader::fetch ─▶ LiveState ┘                                   then reindex ─▶ prove (= fetch, plan, expect nothing)
//! ```
//!
//! Start with these types, as `examples/plan.rs` does: a [`Planner`] holds the files, a [`Session`] is a connected target, an
//! [`ApplyRun`] makes a [`Plan`] and, once the guards approve it, applies it; a [`Report`] says what came of it. They print
//! nothing.

// Here and not for the package: tests may panic.
#![warn(clippy::unwrap_used, clippy::expect_used)]

pub mod cli;
pub mod commerce;
pub mod disk;
pub mod export;
pub mod model;
pub mod reconcile;
pub mod report;
pub mod run;
pub mod spec;
pub mod target;

pub use crate::reconcile::Plan;
pub use crate::report::ApplyReport as Report;
pub use crate::run::{ApplyRequest, ApplyRun, ApprovedRun, Exit, Failure, Interrupts, Planner, Session};

/// Every rule that a file can break, by itself or against a target, with its id, its severity and what it asks.
pub fn rules() -> impl Iterator<Item = &'static spanned_yaml::diag::Rule> {
    [
        spanned_yaml::diag::RULES,
        spanned_yaml::RULES,
        spec::RULES,
        target::RULES,
        reconcile::RULES,
    ]
    .into_iter()
    .flatten()
}
