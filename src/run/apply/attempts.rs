//! The tries of a run's writes, as far as they were not answered plainly: what became of them is concluded from the last read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::WriteBatch;
use crate::run::journal::{Effect, Journal, JournalError};
use crate::run::verify::{effect, is_carried_out, priority, wanted};

/// A try whose answer was not the plain one: whatever it said, only a read tells what became of it.
#[derive(Debug)]
struct UnclearAttempt {
    /// When it began, by the journal.
    began: Timestamp,
    call: WriteBatch,
    /// What stood before it.
    before: Arc<LiveState>,
    /// Whether the server may still be at work on it.
    late: bool,
    /// When its answer came, or none any more.
    ended: Instant,
}

/// The tries of a run.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    unclear: Vec<UnclearAttempt>,
    /// The links that were written, by the server's plain word or by a read.
    written: HashMap<(StockId, SourceCode), Option<u16>>,
    /// When the last of those was.
    written_at: Option<Instant>,
}

impl Attempts {
    /// A call took effect: earlier tries of the same change nothing any more.
    pub(super) fn took_effect(&mut self, call: &WriteBatch) {
        self.unclear.retain(|unclear| !is_same(&unclear.call, call));
        let links = wanted(call).map(|(stock, source, wanted)| ((stock, source.clone()), wanted));
        self.written.extend(links);
        self.written_at = Some(Instant::now());
    }

    /// A try of a call was answered otherwise, or not at all.
    pub(super) fn is_unclear(
        &mut self,
        began: Timestamp,
        call: &WriteBatch,
        before: &Arc<LiveState>,
        late: bool,
    ) {
        self.unclear.push(UnclearAttempt {
            began,
            call: call.clone(),
            before: Arc::clone(before),
            late,
            ended: Instant::now(),
        });
    }

    /// Whether a read settles something that is unclear, and that no later try has written: it must be made twice, then.
    pub(super) fn are_unclear(&self) -> bool {
        let mut links = self.unclear.iter().flat_map(|unclear| wanted(&unclear.call));
        links.any(|(stock, source, _)| !self.written.contains_key(&(stock, source.clone())))
    }

    /// Whether a read may be from before these writes, of which reads may show nothing for so long: something that was
    /// written is as it was before the run, or nothing shows of a try that is unclear.
    pub(super) fn are_ahead_of(&self, live: &LiveState, before: &LiveState, wait: Duration) -> bool {
        let is_young = |at: Instant| at.elapsed() < wait;
        let mut written = self.written.iter();
        let is_behind = self.written_at.is_some_and(is_young)
            && written.any(|((stock, source), written)| {
                let now = priority(live, *stock, source);
                now != *written && now == priority(before, *stock, source)
            });
        let mut unclear = self.unclear.iter();
        is_behind
            || unclear.any(|unclear| is_young(unclear.ended) && self.shows(unclear, live) == Effect::None)
    }

    /// Takes note of what a read shows of each try that is unclear; without one they stay so.
    pub(super) fn conclude(
        &self,
        live: Option<&LiveState>,
        journal: &mut Journal,
    ) -> Result<(), JournalError> {
        for unclear in &self.unclear {
            let effect = live.map_or(Effect::Unknown, |live| self.shows(unclear, live));
            let effect = match live {
                // As long as it may arrive, only one that stands as a whole is settled: a part can be somebody else's.
                Some(live) if unclear.late && !is_carried_out(&unclear.call, live) => Effect::Unknown,
                _ => effect,
            };
            journal.write_ends(unclear.began, effect)?;
        }
        Ok(())
    }

    /// What shows of a try. Links that were written later by another one tell nothing of it.
    fn shows(&self, unclear: &UnclearAttempt, live: &LiveState) -> Effect {
        if is_carried_out(&unclear.call, live) {
            return Effect::Some;
        }
        let is_open =
            |stock: StockId, source: &SourceCode| !self.written.contains_key(&(stock, source.clone()));
        effect(&unclear.call, &unclear.before, live, is_open)
    }
}

fn is_same(one: &WriteBatch, other: &WriteBatch) -> bool {
    wanted(one).eq(wanted(other))
}
