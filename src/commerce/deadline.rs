//! The end of the time that all requests of a run have together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When the time of a run is over; never, when no time is set. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Deadline {
    ends: Option<Instant>,
    /// The milliseconds that do not count.
    granted: Arc<AtomicU64>,
}

impl Deadline {
    /// So much time from now on; a time beyond what a clock can tell is none.
    pub(super) fn after(run: Option<Duration>) -> Self {
        Self {
            ends: run.and_then(|run| Instant::now().checked_add(run)),
            granted: Arc::default(),
        }
    }

    /// Puts the end off by a time in which nothing could be asked of the shop.
    pub(super) fn grant(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.granted.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// The time that is left, zero when it is over; `None` when there is no end.
    pub(super) fn left(&self) -> Option<Duration> {
        let granted = Duration::from_millis(self.granted.load(Ordering::Relaxed));
        // An end beyond what a clock can tell is none.
        let ends = self.ends?.checked_add(granted)?;
        Some(ends.saturating_duration_since(Instant::now()))
    }

    /// Whether something may still be done after a pause.
    pub(super) fn allows(&self, pause: Duration) -> bool {
        self.left().is_none_or(|left| pause < left)
    }

    /// Whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Deadline;

    #[test]
    fn a_deadline_ends_pauses_and_none_does_not() {
        let never = Deadline::after(None);
        assert!(never.allows(Duration::MAX) && !never.is_over());
        assert!(!Deadline::after(Some(Duration::MAX)).is_over());
        let hour = Deadline::after(Some(Duration::from_hours(1)));
        assert!(hour.allows(Duration::from_mins(1)) && !hour.allows(Duration::from_hours(1)));
        let now = Deadline::after(Some(Duration::ZERO));
        assert!(now.is_over() && !now.allows(Duration::ZERO));
        now.clone().grant(Duration::from_hours(1));
        assert!(!now.is_over() && now.allows(Duration::from_mins(1)));
    }
}
