//! How a run that changes a target ended: by an exit code, or why it came to none.

use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::interrupt::{Interrupts, Signal};
use crate::cli::output::printer::Printer;
use crate::reconcile::index::IndexVerdict;
use crate::reconcile::{GuardVerdict, Plan, StaleReason};
use crate::report::{differences_text, plan_text};
use crate::run::{Applied, ApplyError, ChangeResult, Proof, ReindexOutcome};

/// A plan that a guard refuses.
pub(crate) fn refused(plan: Plan, refusals: &[GuardVerdict]) -> Failure {
    let mut failure = Failure::new(Exit::Refused, "refused by a guard; nothing was written").about(plan);
    for refusal in refusals {
        failure.causes.push(refusal.guard.to_string());
        failure.hints.push(refusal.advice());
    }
    failure
}

/// Why nothing was written after all.
pub(crate) fn stopped(
    stop: ApplyError,
    planner: &Planner,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Failure {
    match stop {
        ApplyError::Interrupted => Failure::new(
            interrupts.held().map_or(Exit::Interrupted, Signal::exit),
            "interrupted; nothing was written",
        ),
        ApplyError::NoPreImage(error) => {
            Failure::error("the way back could not be kept; nothing was written").caused_by(&error)
        }
        ApplyError::Unreadable(error) => error.into(),
        ApplyError::Unplannable(error) => Failure::unplannable(error, &planner.wanted.files),
        ApplyError::Journal(error) => error.into(),
        ApplyError::Stale { now, differences } => stale(differences, *now, printer),
    }
}

/// What to say when somebody has changed the target since the plan was made.
fn stale(differences: Vec<StaleReason>, now: Plan, printer: &Printer) -> Failure {
    printer.say(&format!("The plan would now be:\n\n{}", plan_text(&now)));
    printer.say(&differences_text(&differences));
    let message = format!("{}; nothing was written", what_changed(&differences, &now.doubts));
    Failure::new(Exit::Stale, message)
        .hint("look at the plan as it is now and apply again")
        .differing(differences)
        .about(now)
}

/// The shop itself, or only what makes a read of it doubtful and what guards make of that.
fn what_changed(differences: &[StaleReason], doubts: &[String]) -> &'static str {
    let only_the_read = differences
        .iter()
        .all(|found| matches!(found, StaleReason::Doubts { .. } | StaleReason::Guards { .. }));
    match (only_the_read, doubts.is_empty()) {
        (true, false) => "the live state could not be read as completely as when the plan was made",
        (true, true) => "the plan was made from a doubtful read, and this one is complete",
        (false, true) => "the live state has changed since the plan was made",
        (false, false) => {
            "the live state has changed since the plan was made, or could not be read completely"
        }
    }
}

/// The exit code that an outcome stands for; a signal that was held stands for one that did not come to its end.
pub(crate) fn exit(applied: &Applied, held: Option<Signal>) -> Exit {
    let links = &applied.links;
    let reindexed = matches!(
        applied.reindex,
        ReindexOutcome::NotNeeded | ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron
    );
    let proven = applied
        .index
        .as_ref()
        .is_none_or(|index| index.verdict() == IndexVerdict::Proven);
    let untouched = !links.any(ChangeResult::Done) && !links.any(ChangeResult::Unknown);
    match held {
        _ if links.complete() && reindexed && proven && matches!(applied.proof, Proof::Converged) => {
            Exit::Done
        }
        Some(signal) => signal.exit(),
        None if links.complete() => Exit::Owed,
        None if untouched => Exit::Error,
        None => Exit::Partial,
    }
}
