//! The deadline of a run: one time limit for all of its requests together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The end of a run's time; never, if no limit is set. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Deadline {
    ends: Option<Instant>,
    /// Milliseconds by which the end is put off.
    extension: Arc<AtomicU64>,
    /// Number of [`DeadlinePause`]s that exist.
    pauses: Arc<AtomicUsize>,
}

/// Pauses the deadline while it exists, for work with a time limit of its own.
#[derive(Debug)]
pub struct DeadlinePause {
    deadline: Deadline,
    since: Instant,
}

impl Drop for DeadlinePause {
    fn drop(&mut self) {
        self.deadline.extend(self.since.elapsed());
        self.deadline.pauses.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Deadline {
    /// Ends after a time; a time too long for the clock has no end.
    pub fn after(run: Option<Duration>) -> Self {
        Self {
            ends: run.and_then(|run| Instant::now().checked_add(run)),
            extension: Arc::default(),
            pauses: Arc::default(),
        }
    }

    /// Pauses the deadline until the returned value is dropped.
    pub fn pause(&self) -> DeadlinePause {
        self.pauses.fetch_add(1, Ordering::SeqCst);
        DeadlinePause {
            deadline: self.clone(),
            since: Instant::now(),
        }
    }

    /// Extends the deadline so that at least this much time is left.
    pub fn ensure(&self, time: Duration) {
        if let Some(left) = self.left() {
            self.extend(time.saturating_sub(left));
        }
    }

    /// Extends the deadline, such as by the time for which a person was waited for.
    pub fn extend(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.extension.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// The time left, zero when it is over; `None` if there is no end.
    pub fn left(&self) -> Option<Duration> {
        if self.pauses.load(Ordering::SeqCst) > 0 {
            return None;
        }
        let extension = Duration::from_millis(self.extension.load(Ordering::Relaxed));
        // A sum too large for the clock has no end.
        let ends = self.ends?.checked_add(extension)?;
        Some(ends.saturating_duration_since(Instant::now()))
    }

    /// True if time is left after a pause.
    pub fn allows(&self, pause: Duration) -> bool {
        self.left().is_none_or(|left| pause < left)
    }

    /// True if the time is over.
    pub fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Deadline;

    #[test]
    fn a_deadline_ends_and_none_does_not() {
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
    fn a_paused_deadline_does_not_end() {
        let now = Deadline::after(Some(Duration::ZERO));
        let (outer, inner) = (now.pause(), now.clone().pause());
        assert!(!now.is_over() && now.allows(Duration::from_hours(9)));
        drop(inner);
        assert!(!now.is_over());
        drop(outer);
        assert!(!now.allows(Duration::from_mins(1)), "it took no minute");
        now.ensure(Duration::from_hours(1));
        assert!(now.allows(Duration::from_mins(59)) && !now.allows(Duration::from_mins(61)));
        now.ensure(Duration::from_mins(1));
        assert!(!now.allows(Duration::from_mins(61)), "there was enough");
    }
}
