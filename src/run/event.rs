//! What a run tells while it runs; who listens decides what is shown.

use std::time::Duration;

use super::journal::Holder;
use crate::export::LeftOut;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// The live state is being read.
    Reading,
    /// Link writes begin; so many links in all.
    WritingBegins {
        /// The links to write.
        links: usize,
    },
    /// A write was confirmed.
    Written {
        /// The links it wrote.
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
    /// Another index run holds the index; the step is tried again after a pause.
    IndexLocked {
        /// The pause, in seconds.
        pause: u64,
    },
    /// What the stocks that will change hold was kept.
    PreImageKept {
        /// The file.
        path: &'a std::path::Path,
    },
    /// A stock that will change cannot be brought back by the pre-image.
    NotInPreImage {
        /// The stock, and why.
        stock: &'a LeftOut,
    },
    /// Another run is at work on the target; it is waited for.
    LockHeld {
        /// Who, as far as that can be told.
        holder: Option<&'a Holder>,
        /// How long it is waited for.
        max_wait: Duration,
    },
    /// A write of an earlier run, or of this one, may still arrive; that is waited for.
    WriteMayArrive {
        /// When it began.
        began: jiff::Timestamp,
        /// The longest wait.
        max_wait: Duration,
    },
    /// The result is being proven by a full read.
    Proving,
    /// The index is being looked at.
    ProvingIndex,
    /// The index does not show the links yet; it is looked at again after a pause.
    IndexStale {
        /// The pause, in seconds.
        pause: u64,
    },
}

/// Listens to a run.
pub trait Observer: Send + Sync {
    /// Takes note of something that happened.
    fn notice(&self, event: Event<'_>);
}

/// Listens to nothing.
impl Observer for () {
    fn notice(&self, _: Event<'_>) {}
}
