//! The end of the time that all requests of a run have together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// When the time of a run is over; never, when no time is set. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub(in crate::commerce) struct Deadline {
    ends: Option<Instant>,
    /// The milliseconds that do not count.
    extension: Arc<AtomicU64>,
    /// How many are at work on what has a time of its own.
    stopped: Arc<AtomicUsize>,
}

/// Something that has a time of its own; while it is held, and for as long as it was held, the time of the run does not
/// go on.
#[derive(Debug)]
pub struct DeadlinePause {
    deadline: Deadline,
    since: Instant,
}

impl Drop for DeadlinePause {
    fn drop(&mut self) {
        self.deadline.extend(self.since.elapsed());
        self.deadline.stopped.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Deadline {
    /// So much time from now on; a time beyond what a clock can tell is none.
    pub(in crate::commerce) fn after(run: Option<Duration>) -> Self {
        Self {
            ends: run.and_then(|run| Instant::now().checked_add(run)),
            extension: Arc::default(),
            stopped: Arc::default(),
        }
    }

    /// Stops the clock until what is returned is dropped.
    pub(in crate::commerce) fn stop(&self) -> DeadlinePause {
        self.stopped.fetch_add(1, Ordering::SeqCst);
        DeadlinePause {
            deadline: self.clone(),
            since: Instant::now(),
        }
    }

    /// Sees to it that so much time is left.
    pub(in crate::commerce) fn allow(&self, time: Duration) {
        if let Some(left) = self.left() {
            self.extend(time.saturating_sub(left));
        }
    }

    /// Puts the end off by a time in which nothing could be asked of the shop.
    pub(in crate::commerce) fn extend(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.extension.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// The time that is left, zero when it is over; `None` when there is no end.
    pub(in crate::commerce) fn left(&self) -> Option<Duration> {
        if self.stopped.load(Ordering::SeqCst) > 0 {
            return None;
        }
        let extension = Duration::from_millis(self.extension.load(Ordering::Relaxed));
        // An end beyond what a clock can tell is none.
        let ends = self.ends?.checked_add(extension)?;
        Some(ends.saturating_duration_since(Instant::now()))
    }

    /// Whether something may still be done after a pause.
    pub(in crate::commerce) fn allows(&self, pause: Duration) -> bool {
        self.left().is_none_or(|left| pause < left)
    }

    /// Whether the time is over.
    pub(in crate::commerce) fn is_over(&self) -> bool {
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
        now.clone().extend(Duration::from_hours(1));
        assert!(!now.is_over() && now.allows(Duration::from_mins(1)));
    }

    #[test]
    fn what_has_a_time_of_its_own_is_not_ended_by_that_of_the_run() {
        let now = Deadline::after(Some(Duration::ZERO));
        let (outer, inner) = (now.stop(), now.clone().stop());
        assert!(!now.is_over() && now.allows(Duration::from_hours(9)));
        drop(inner);
        assert!(!now.is_over());
        drop(outer);
        assert!(!now.allows(Duration::from_mins(1)), "it took no minute");
        now.allow(Duration::from_hours(1));
        assert!(now.allows(Duration::from_mins(59)) && !now.allows(Duration::from_mins(61)));
        now.allow(Duration::from_mins(1));
        assert!(!now.allows(Duration::from_mins(61)), "there was enough");
    }
}
