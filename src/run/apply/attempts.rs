//! Keeps the attempts of a run whose result is unclear, and concludes them from the last read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::WriteBatch;
use crate::run::journal::{Effect, Journal, JournalError};
use crate::run::verify::{effect, is_applied, priority};

/// An attempt that the server did not confirm plainly. Only a read shows its result, whatever the answer was.
#[derive(Debug)]
struct UnclearAttempt {
    /// When it began, by the journal.
    began: Timestamp,
    batch: WriteBatch,
    /// The live state before it.
    before: Arc<LiveState>,
    /// True if the server may still apply it.
    in_doubt: bool,
    /// When its answer came, or the connection ended.
    ended: Instant,
}

/// The attempts of a run.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    unclear: Vec<UnclearAttempt>,
    /// The links that were written, by the server's plain answer or by a read.
    written: HashMap<(StockId, SourceCode), Option<u16>>,
    /// When the last of those was.
    written_at: Option<Instant>,
}

impl Attempts {
    /// Records that a batch took effect: earlier attempts of the same batch change nothing any more.
    pub(super) fn took_effect(&mut self, batch: &WriteBatch) {
        self.unclear
            .retain(|unclear| !unclear.batch.links().eq(batch.links()));
        let links = batch
            .links()
            .map(|(stock, source, wanted)| ((stock, source.clone()), wanted));
        self.written.extend(links);
        self.written_at = Some(Instant::now());
    }

    /// Records an attempt that was answered otherwise, or not at all.
    pub(super) fn is_unclear(
        &mut self,
        began: Timestamp,
        batch: &WriteBatch,
        before: &Arc<LiveState>,
        in_doubt: bool,
    ) {
        self.unclear.push(UnclearAttempt {
            began,
            batch: batch.clone(),
            before: Arc::clone(before),
            in_doubt,
            ended: Instant::now(),
        });
    }

    /// True if an unclear attempt wrote a link that no later attempt has written. The read that settles it is made twice.
    pub(super) fn are_unclear(&self) -> bool {
        let mut links = self.unclear.iter().flat_map(|unclear| unclear.batch.links());
        links.any(|(stock, source, _)| !self.is_written(stock, source))
    }

    /// The time of a request after the last unclear attempt ended: until then a shop that is away is waited for.
    pub(super) fn read_by(&self, request_timeout: Duration) -> Instant {
        let ended = self.unclear.iter().map(|unclear| unclear.ended).max();
        ended.unwrap_or_else(Instant::now) + request_timeout
    }

    /// True if a read may be from before these writes, which reads may not show for the time `wait`: a written link is as it
    /// was before the run, or an unclear attempt shows no effect. The read `began` then, and may be that old.
    pub(super) fn are_ahead_of(
        &self,
        live: &LiveState,
        before: &LiveState,
        wait: Duration,
        began: Instant,
    ) -> bool {
        let is_young = |at: Instant| began < at + wait;
        let mut written = self.written.iter();
        let is_behind = self.written_at.is_some_and(is_young)
            && written.any(|((stock, source), written)| {
                let now = priority(live, *stock, source);
                now != *written && now == priority(before, *stock, source)
            });
        let mut unclear = self.unclear.iter();
        is_behind
            || unclear.any(|unclear| is_young(unclear.ended) && self.shown(unclear, live) == Effect::None)
    }

    /// Records in the journal what a read shows of each unclear attempt; without a read they stay unknown.
    pub(super) fn conclude(
        &self,
        live: Option<&LiveState>,
        journal: &mut Journal,
    ) -> Result<(), JournalError> {
        for unclear in &self.unclear {
            let effect = match live {
                // As long as the server may apply it, only the whole batch settles it: a part can be somebody else's change.
                Some(live) if unclear.in_doubt && !is_applied(&unclear.batch, live) => Effect::Unknown,
                Some(live) => self.shown(unclear, live),
                None => Effect::Unknown,
            };
            journal.write_ends(unclear.began, effect)?;
        }
        Ok(())
    }

    /// The effect of an attempt that a read shows. Links that a later attempt has written prove nothing about it.
    fn shown(&self, unclear: &UnclearAttempt, live: &LiveState) -> Effect {
        if is_applied(&unclear.batch, live) {
            return Effect::Some;
        }
        effect(&unclear.batch, &unclear.before, live, |stock, source| {
            !self.is_written(stock, source)
        })
    }

    fn is_written(&self, stock: StockId, source: &SourceCode) -> bool {
        self.written.contains_key(&(stock, source.clone()))
    }
}
