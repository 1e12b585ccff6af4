//! What became of each link that was sent, and what that and a read make of each change. Pure.

use std::collections::HashMap;

use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::{ApprovedPlan, Change, WriteBatch};
use crate::run::journal::Effect;
use crate::run::outcome::{ChangeOutcome, ChangeResult};
use crate::run::verify::priority;

/// What became of a link that was sent or held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkResult {
    /// It took effect, by the server's word or by a read.
    Done,
    /// The shop refused the call that it was in, and nothing of that took effect; by itself with that message.
    Refused { message: Option<String> },
    /// The call that it was in failed.
    Failed {
        /// Whether the call took effect all the same.
        effect: Effect,
        /// Whether the server may still be at work on it.
        late: bool,
    },
    /// The call that it was in was too long for the server; it was to be sent again in a part.
    Cut {
        /// Whether the server may still be at work on the call.
        late: bool,
    },
    /// It was to go and may not, since a save of its stock was refused.
    HeldBack,
}

/// What became of the links so far.
#[derive(Debug, Default)]
pub(super) struct LinkResults(HashMap<(StockId, SourceCode), LinkResult>);

impl LinkResults {
    /// Whether nothing was sent.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes what became of the links of a call; the last word counts.
    pub(super) fn set(&mut self, call: &WriteBatch, fate: &LinkResult) {
        let links = call.keys().map(|(stock, source)| (stock, source.clone()));
        self.0.extend(links.map(|link| (link, fate.clone())));
    }
}

/// The outcome of each change, for each stock of the plan in order: by the server's word where it gave it, by the read
/// where it did not.
pub(super) fn outcomes(
    approved: &ApprovedPlan,
    fates: &LinkResults,
    read: Option<&LiveState>,
) -> Vec<Vec<ChangeOutcome>> {
    let read = read.filter(|live| live.issues.is_empty());
    let outcome = |stock: StockId, change: &Change| {
        let fate = fates.0.get(&(stock, change.source_code().clone()));
        let seen = read.map(|live| Seen::of(change, priority(live, stock, change.source_code())));
        match fate {
            Some(fate) => of(fate, seen),
            None if change.is_delete() && approved.deletes_withheld() => ChangeOutcome {
                result: ChangeResult::NotTried,
                reason: Some(format!(
                    "withheld, since the read was doubtful: {}",
                    approved.plan().doubts.join("; ")
                )),
            },
            None => ChangeResult::NotTried.into(),
        }
    };
    let stocks = approved.plan().stocks.iter();
    stocks
        .map(|stock| {
            let changes = stock.changes.iter();
            changes.map(|change| outcome(stock.stock_id, change)).collect()
        })
        .collect()
}

/// A link as a read shows it when all is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    AsWanted,
    AsBefore,
    /// Somebody else has changed it, before the write or after it.
    Otherwise,
}

impl Seen {
    fn of(change: &Change, now: Option<u16>) -> Self {
        if now == change.wanted() {
            Self::AsWanted
        } else if now == change.before() {
            Self::AsBefore
        } else {
            Self::Otherwise
        }
    }
}

/// The outcome of a change by the fate of its link, and by what a read shows of it, if there was one.
fn of(fate: &LinkResult, seen: Option<Seen>) -> ChangeOutcome {
    let (result, reason) = match (fate, seen) {
        // A refusal is not believed: what stands before the shop may tell of a second try alone.
        (LinkResult::Done, _)
        | (
            LinkResult::Failed { .. } | LinkResult::Refused { .. } | LinkResult::Cut { .. },
            Some(Seen::AsWanted),
        ) => (ChangeResult::Done, None),
        (
            LinkResult::Refused {
                message: Some(message),
            },
            seen,
        ) => {
            let result = match seen {
                // It may have been written before somebody else changed it.
                Some(Seen::Otherwise) => ChangeResult::Unknown,
                _ => ChangeResult::Failed,
            };
            (result, Some(message.as_str()))
        }
        (LinkResult::Refused { message: None } | LinkResult::Cut { .. }, None | Some(Seen::Otherwise))
        | (LinkResult::Cut { late: true }, _)
        | (LinkResult::Failed { late: true, .. }, Some(_)) => (ChangeResult::Unknown, None),
        (LinkResult::Cut { late: false }, _) => (ChangeResult::NotTried, None),
        (LinkResult::Refused { message: None }, _) => (
            ChangeResult::Failed,
            Some("in a batch that the shop refused; not tried by itself"),
        ),
        (LinkResult::HeldBack, _) => (
            ChangeResult::NotTried,
            Some("held back, since the shop refused a link of the same stock"),
        ),
        (LinkResult::Failed { effect, .. }, None | Some(Seen::Otherwise)) if *effect != Effect::None => {
            (ChangeResult::Unknown, None)
        }
        (LinkResult::Failed { .. }, _) => (ChangeResult::Failed, None),
    };
    ChangeOutcome {
        result,
        reason: reason.map(ToOwned::to_owned),
    }
}
