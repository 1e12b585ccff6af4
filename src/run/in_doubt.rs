//! Writes whose outcome is unknown: what builds on the links or the index waits until they have arrived or no longer can.

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

/// Why writes are still unsettled.
#[derive(Debug)]
pub enum Unresolved {
    /// The journal cannot take note of what was found out.
    Journal(JournalError),
    /// Somebody interrupted the wait.
    Interrupted,
}

/// Everything that settles the writes which a journal holds open.
pub struct InDoubtWrites<'a> {
    /// Reads the target.
    pub reader: &'a Reader,
    /// Knows the writes.
    pub journal: &'a mut Journal,
    /// Hears what is waited for.
    pub observer: &'a dyn Observer,
    /// Ends the wait.
    pub cancel: &'a CancellationToken,
}

impl InDoubtWrites<'_> {
    /// Reads until each open write is seen, or as long as its request might have taken; the server may carry a write out
    /// after the connection broke (recording 11). Not waited for are writes that do no harm, seen against the live state.
    pub async fn settle(
        mut self,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Unresolved> {
        let mut pause = FIRST_PAUSE;
        let mut told = false;
        while !self.journal.open_writes().is_empty() {
            let live = tokio::select! {
                live = self.reader.fetch_verified() => live,
                () = self.cancel.cancelled() => return Err(Unresolved::Interrupted),
            };
            let live = live
                .inspect_err(|error| tracing::warn!(%error, "whether a write has arrived cannot be read"))
                .ok()
                .filter(|live| live.issues.is_empty());
            let Some((began, max_wait)) = self.look(live.as_ref(), is_harmless)? else {
                return Ok(());
            };
            if !told {
                self.observer.notice(Event::WriteMayArrive { began, max_wait });
                told = true;
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(max_wait)) => {}
                () = self.cancel.cancelled() => return Err(Unresolved::Interrupted),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Takes note of the writes that are settled; gives the one that may arrive longest, and how long.
    fn look(
        &mut self,
        live: Option<&LiveState>,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<Option<(Timestamp, Duration)>, Unresolved> {
        let mut longest: Option<(Timestamp, Duration)> = None;
        for write in self.journal.open_writes().to_vec() {
            let seen = live.is_some_and(|live| stands(live, &write));
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

/// Whether all of a write stands in the live state; the server carries a write out as a whole (commerce.md A1).
pub(super) fn stands(live: &LiveState, write: &OpenWrite) -> bool {
    write
        .links
        .iter()
        .all(|link| priority(live, link.stock_id, &link.source_code) == link.priority)
}

/// Whether a write leaves nothing else than a plan wants, whenever it arrives: each of its links stands already, or the
/// plan writes just the same.
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
