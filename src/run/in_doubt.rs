//! Resolves in-doubt writes: reads until each has taken effect or can no longer do so.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::event::{Event, Observer};
use super::journal::{Journal, JournalError, OpenWrite};
use super::verify::priority;
use crate::commerce::Reader;
use crate::model::LiveState;
use crate::reconcile::Plan;

/// The pause after the first read that does not show a write; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause between two reads.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The reason why writes are still in doubt.
#[derive(Debug)]
pub enum Unresolved {
    /// The journal cannot record what a read shows.
    Journal(JournalError),
    /// Somebody interrupted the wait.
    Interrupted,
}

/// Resolves the writes that the journal holds in doubt.
pub struct InDoubtWrites<'a> {
    /// Reads the target.
    pub reader: &'a Reader,
    /// Holds the writes.
    pub journal: &'a mut Journal,
    /// Receives the events.
    pub observer: &'a dyn Observer,
    /// Ends the wait.
    pub cancel: &'a CancellationToken,
}

impl InDoubtWrites<'_> {
    /// Reads until each write shows, or the time of its request is over: the server may apply a write after the connection
    /// broke (recording 11). It does not wait for writes that are harmless against the live state.
    pub async fn resolve(
        mut self,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Unresolved> {
        let mut pause = FIRST_PAUSE;
        let mut announced = false;
        while !self.journal.open_writes().is_empty() {
            let live = tokio::select! {
                live = self.reader.fetch_verified() => live,
                () = self.cancel.cancelled() => return Err(Unresolved::Interrupted),
            };
            let live = live
                .inspect_err(|error| tracing::warn!(%error, "the effect of a write cannot be read"))
                .ok()
                .filter(|live| live.issues.is_empty());
            let Some((began, max_wait)) = self.look(live.as_ref(), is_harmless)? else {
                return Ok(());
            };
            if !announced {
                self.observer.notice(Event::WriteMayArrive { began, max_wait });
                announced = true;
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(max_wait)) => {}
                () = self.cancel.cancelled() => return Err(Unresolved::Interrupted),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Records the writes that are settled. Returns the longest wait that is left, with the begin of that write.
    fn look(
        &mut self,
        live: Option<&LiveState>,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<Option<(Timestamp, Duration)>, Unresolved> {
        let mut longest: Option<(Timestamp, Duration)> = None;
        for write in self.journal.open_writes().to_vec() {
            let seen = live.is_some_and(|live| is_applied(live, &write));
            let max_wait = self.journal.may_arrive_for(&write);
            if seen || max_wait.is_zero() {
                self.journal
                    .write_settled(write.began, seen)
                    .map_err(Unresolved::Journal)?;
            } else if !live.is_some_and(|live| is_harmless(live, &write))
                && longest.is_none_or(|(_, longest)| longest < max_wait)
            {
                longest = Some((write.began, max_wait));
            }
        }
        Ok(longest)
    }
}

impl Journal {
    /// Records the refused writes that a later run finds applied all the same: the server applied them after the last read,
    /// and a reindex is owed.
    pub fn see_late_writes(&mut self, live: &LiveState) -> Result<(), JournalError> {
        if !live.issues.is_empty() {
            return Ok(());
        }
        let refused = self.state().refused_writes().iter();
        let applied: Vec<Timestamp> = refused
            .filter(|write| is_applied(live, write))
            .map(|write| write.began)
            .collect();
        applied
            .into_iter()
            .try_for_each(|began| self.write_settled(began, true))
    }
}

/// True if every link was read and is as the write left it. The server applies a write as a whole (04-108, 04-109).
fn is_applied(live: &LiveState, write: &OpenWrite) -> bool {
    write.links.iter().all(|link| {
        live.covers(link.stock_id) && priority(live, link.stock_id, &link.source_code) == link.priority
    })
}

/// True if a write agrees with a plan whenever it arrives: each of its links is as it writes it, or the plan writes the
/// same.
pub fn is_covered(plan: &Plan, live: &LiveState, write: &OpenWrite) -> bool {
    write.links.iter().all(|link| {
        let stock = plan.stocks.iter().find(|stock| stock.stock_id == link.stock_id);
        let mut changes = stock.into_iter().flat_map(|stock| &stock.changes);
        match changes.find(|change| *change.source_code() == link.source_code) {
            Some(change) => change.wanted() == link.priority,
            None => priority(live, link.stock_id, &link.source_code) == link.priority,
        }
    })
}
