//! What the lines of a journal add up to. Pure: the same bytes always mean the same.

use std::time::Duration;

use jiff::Timestamp;

use super::entry::{Effect, Entry, Line, Write, WrittenLink};

/// What is known from the lines of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What is owed whatever becomes of the open writes.
    owed: bool,
    /// A reindex whose own word counts began after the last write that needs one.
    reindex_began: bool,
    /// Writes that began and of which it is not known whether they took effect or still may, oldest first.
    open: Vec<OpenWrite>,
}

/// A write of which it is not known whether it took effect or still may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenWrite {
    /// When it began.
    pub began: Timestamp,
    /// How long the request might take.
    pub timeout: Duration,
    /// Whether it makes the index stale.
    pub needs_reindex: bool,
    /// The links it writes.
    pub links: Vec<WrittenLink>,
}

/// A line that is no journal line, nor the beginning of one that a crash cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damaged at line {line}")]
pub struct Damaged {
    /// The line, from 1.
    pub line: usize,
}

/// Adds up the lines that tell of one shop, named by its URL; those of others are passed over. The time it takes grows
/// with the number of bytes.
pub fn replay(bytes: &[u8], url: &str) -> Result<State, Damaged> {
    let mut state = State::default();
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        // After a power cut a file may end in zero bytes in place of what was written last.
        let end = line
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1);
        let line = &line[..end];
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Line>(line) {
            // The URL is the shop; its name in targets.yaml may change.
            Ok(line) if line.url == url => state.take(line.at, &line.entry),
            Ok(_) => {}
            Err(_) if is_torn(line) => {}
            Err(_) => return Err(Damaged { line: number }),
        }
    }
    Ok(state)
}

/// Whether a line is the beginning of one that a crash cut off. Every line is an object: a cut-off number is none of ours.
fn is_torn(line: &[u8]) -> bool {
    let begins_an_object = line.trim_ascii_start().first().is_none_or(|byte| *byte == b'{');
    begins_an_object
        && matches!(serde_json::from_slice::<serde_json::Value>(line), Err(error) if error.is_eof())
}

impl State {
    /// Whether links were created or deleted, or may still be, and no reindex is known to have begun after that and to have
    /// succeeded.
    pub fn owes_reindex(&self) -> bool {
        // Also for one that was only to move links: it makes those that are gone when it arrives.
        self.owed || !self.open.is_empty()
    }

    /// The writes of which it is not known whether they took effect or still may, oldest first.
    pub fn open_writes(&self) -> &[OpenWrite] {
        &self.open
    }

    pub(super) fn take(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::WriteBegins(write) => self.begin(at, write),
            Entry::WriteEnds { began, effect } => self.end(*began, *effect),
            Entry::WriteSettled { began, .. } => {
                self.open.retain(|write| write.began != *began);
                self.owe();
            }
            Entry::ReindexBegins { to_be_proven, .. } => self.reindex_began = !to_be_proven,
            Entry::ReindexEnds { succeeded: true } if self.reindex_began => self.pay(),
            Entry::ReindexDeclared | Entry::IndexProven => self.pay(),
            Entry::IndexNotProven => self.owe(),
            Entry::PreImageKept { .. }
            | Entry::StepBegins { .. }
            | Entry::StepEnds { .. }
            | Entry::ReindexEnds { .. } => {}
        }
    }

    fn begin(&mut self, at: Timestamp, write: &Write) {
        self.open.push(OpenWrite {
            began: at,
            timeout: Duration::from_secs(write.timeout_seconds),
            needs_reindex: write.needs_reindex,
            links: write.links.clone(),
        });
    }

    fn end(&mut self, began: Option<Timestamp>, effect: Effect) {
        let named = |write: &OpenWrite| began.is_none_or(|began| write.began == began);
        let at = self.open.iter().rposition(named);
        match (effect, at) {
            // What arrives when nobody looks any more can be a move of a link that is gone by then: that makes it anew.
            (Effect::Unknown, _) => self.owe(),
            (Effect::None, Some(at)) => {
                self.open.remove(at);
            }
            (Effect::Some, Some(at)) => {
                let ended = self.open.remove(at);
                // An earlier try of the same write changes nothing any more when it arrives; it may have made a link that
                // this one only moved.
                let tries = self.open.extract_if(.., |write| write.links == ended.links);
                let needs_reindex =
                    tries.fold(ended.needs_reindex, |needs, write| needs | write.needs_reindex);
                if needs_reindex {
                    self.owe();
                }
            }
            (Effect::None | Effect::Some, None) => {}
        }
    }

    fn owe(&mut self) {
        self.owed = true;
        self.reindex_began = false;
    }

    /// A write that may still arrive would be missing from the index: then the reindex stays owed.
    fn pay(&mut self) {
        self.owed &= !self.open.is_empty();
    }
}

impl OpenWrite {
    /// How long it may still arrive, seen from that time: never longer than the request might take, whatever the clocks
    /// say.
    pub fn may_arrive_for(&self, now: Timestamp) -> Duration {
        let age = Duration::try_from(now.duration_since(self.began)).unwrap_or_default();
        self.timeout.saturating_sub(age)
    }
}
