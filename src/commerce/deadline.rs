//! The end of the time that all requests of a run have together.

use std::time::{Duration, Instant};

/// When the time of a run is over; never, when no time is set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    /// So much time from now on; a time beyond what a clock can tell is none.
    pub(super) fn after(run: Option<Duration>) -> Self {
        Self(run.and_then(|run| Instant::now().checked_add(run)))
    }

    /// The time that is left, zero when it is over; `None` when there is no end.
    pub(super) fn left(self) -> Option<Duration> {
        self.0.map(|ends| ends.saturating_duration_since(Instant::now()))
    }

    /// Whether something may still be done after a pause.
    pub(super) fn allows(self, pause: Duration) -> bool {
        self.left().is_none_or(|left| pause < left)
    }

    /// Whether the time is over.
    pub(super) fn is_over(self) -> bool {
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
    }
}
