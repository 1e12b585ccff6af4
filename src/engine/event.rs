//! What a run tells while it runs; who listens decides what is shown.

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
