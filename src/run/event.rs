//! The events of a run. The observer decides what is shown.

use std::time::Duration;

use super::holder::Holder;
use crate::export::LeftOut;

/// An event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// The live state is being read.
    Reading,
    /// Link writes begin.
    WritingBegins {
        /// The number of links to write.
        links: usize,
    },
    /// A write was confirmed.
    Written {
        /// The number of its links.
        links: usize,
    },
    /// Link writes ended, well or not.
    WritingEnds,
    /// A reindex step begins.
    StepBegins {
        /// The step, from 1.
        number: usize,
        /// The steps in all.
        of: usize,
        /// The step in words.
        title: &'a str,
    },
    /// A line that a reindex step printed.
    StepOutput {
        /// The line, as it came.
        line: &'a str,
    },
    /// Another index run holds the index. The step is tried again after a pause.
    IndexLocked {
        /// The pause, in seconds.
        pause: u64,
    },
    /// Other index runs, or one that was killed, have held the same indexes for long.
    IndexHeldForLong {
        /// The time so far, in seconds.
        seconds: u64,
        /// What to do if no index run is at work.
        hint: &'a str,
    },
    /// A step of an earlier run was ended midway, and may have left the shop's index held.
    StepWasCutOff {
        /// When it began.
        began: jiff::Timestamp,
    },
    /// The pre-image of the stocks that will change was written.
    PreImageKept {
        /// The file.
        path: &'a std::path::Path,
    },
    /// The pre-image does not hold a stock that will change.
    NotInPreImage {
        /// The stock, and the reason.
        stock: &'a LeftOut,
    },
    /// The run waits for another run on the same target.
    LockHeld {
        /// The other run, as far as is known.
        holder: Option<&'a Holder>,
        /// The longest wait.
        max_wait: Duration,
    },
    /// The run waits for a write in doubt, of an earlier run or of this one.
    WriteMayArrive {
        /// When it began.
        began: jiff::Timestamp,
        /// The longest wait.
        max_wait: Duration,
    },
    /// A read of the changed stocks proves the result.
    IndexCheck,
    /// The index is being checked.
    ProvingIndex,
    /// The index does not show the links yet. It is checked again after a pause.
    IndexStale {
        /// The pause, in seconds.
        pause: u64,
    },
}

/// Receives the events of a run.
pub trait Observer: Send + Sync {
    /// Receives an event.
    fn notice(&self, event: Event<'_>);
}

/// Ignores all events.
impl Observer for () {
    fn notice(&self, _: Event<'_>) {}
}
