//! Writes that may not show yet: how long they may arrive, and what is made of those that came when nobody looked any more.

use std::time::Duration;

use jiff::Timestamp;

use super::Journal;
use super::error::JournalError;
use super::state::OpenWrite;
use crate::model::LiveState;
use crate::run::consistency::RecentWrites;
use crate::run::in_doubt::stands;

impl Journal {
    /// Takes note of the writes that were refused, and stand all the same by a read at the begin of a later run: somebody carried
    /// them out when nobody looked any more, and a reindex is owed.
    pub fn see_late_writes(&mut self, live: &LiveState) -> Result<(), JournalError> {
        if !live.issues.is_empty() {
            return Ok(());
        }
        let refused = self.state.refused_writes().iter();
        let standing: Vec<Timestamp> = refused
            .filter(|write| stands(live, write))
            .map(|write| write.began)
            .collect();
        standing
            .into_iter()
            .try_for_each(|began| self.write_settled(began, true))
    }

    /// The writes of earlier runs, and of this one so far, that reads may not show yet for so long.
    pub fn recent_writes(&self, wait: Duration) -> RecentWrites {
        RecentWrites::of(&self.state, self.last_write, wait)
    }

    /// How long a write may still arrive. Clocks are set, and other machines have others: counted is the time of this run
    /// alone, for a write of an earlier one from its start, since that had ended by then.
    pub(in crate::run) fn may_arrive_for(&self, write: &OpenWrite) -> Duration {
        let since = self.begun.get(&write.began).unwrap_or(&self.opened);
        write.timeout.saturating_sub(since.elapsed())
    }
}
