//! What the lines of a journal add up to. Pure: the same bytes always mean the same.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::entry::{Effect, Entry, Line, Write, WrittenLink};

/// How much older than the newest write a write may be to count among the last ones.
const LAST: SignedDuration = SignedDuration::from_mins(15);

/// What is known from the lines of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What is owed whatever becomes of the open writes.
    owed: bool,
    /// A reindex whose own word counts began after the last write that needs one.
    reindex_began: bool,
    /// Writes that began and of which it is not known whether they took effect or still may, oldest first.
    open: Vec<OpenWrite>,
    /// Writes that make the index stale and were answered by no plain success, of which a read then showed nothing: one that
    /// was carried out later than that is known by its links.
    refused: Vec<OpenWrite>,
    /// The last writes that took effect or may have, oldest first.
    last: Vec<LastWrite>,
    /// The id of the run that sorts after all others.
    latest_run: String,
}

/// One of the last writes that took effect or may have: a read from a replica may not show it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct LastWrite {
    /// When it began.
    began: Timestamp,
    /// When the journal told of it last.
    pub at: Timestamp,
    /// The links it writes.
    pub links: Vec<WrittenLink>,
}

/// A write of which it is not known whether it took effect or still may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenWrite {
    /// When it began.
    pub began: Timestamp,
    /// How long the request might take.
    pub timeout: Duration,
    /// Whether somebody answered it, though not by the plain success.
    answered: bool,
    /// Whether it makes the index stale.
    pub needs_reindex: bool,
    /// The links it writes.
    pub links: Vec<WrittenLink>,
}

/// Why a journal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A line is no journal line, nor the beginning of one that a crash cut off.
    #[error("damaged at line {line}")]
    Damaged {
        /// The line, from 1.
        line: usize,
    },
    /// A line has an event or a field that this version does not know: to pass over it could forget an owed reindex.
    #[error("written by a newer stocktake, as line {line} shows")]
    Newer {
        /// The line, from 1.
        line: usize,
    },
}

impl ReplayError {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Damaged { line } | Self::Newer { line } => *line,
        }
    }
}

/// Adds up the lines that tell of one shop, named by its URL; those of others are passed over. The time it takes grows
/// with the number of bytes.
pub fn replay(bytes: &[u8], url: &str) -> Result<State, ReplayError> {
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
            Ok(known) if has_more(line, &known) => return Err(ReplayError::Newer { line: number }),
            // The URL is the shop; its name in targets.yaml may change.
            Ok(line) if line.url == url => {
                state.take(line.at, &line.entry);
                state.latest_run = line.run.max(state.latest_run);
            }
            Ok(_) => {}
            Err(_) if is_torn(line) => {}
            // What is damaged is hardly ever an object.
            Err(_) if matches!(serde_json::from_slice(line), Ok(Value::Object(_))) => {
                return Err(ReplayError::Newer { line: number });
            }
            Err(_) => return Err(ReplayError::Damaged { line: number }),
        }
    }
    Ok(state)
}

/// Whether a line says more than this version reads in it.
fn has_more(line: &[u8], known: &Line) -> bool {
    match (serde_json::from_slice(line), serde_json::to_value(known)) {
        (Ok(line), Ok(known)) => says_more(&line, &known),
        _ => false,
    }
}

/// Whether there is a key, here or further down, that is not known. One without a value, or of a switch that is off, says
/// nothing.
fn says_more(value: &Value, known: &Value) -> bool {
    match (value, known) {
        (Value::Object(entries), Value::Object(known)) => {
            let mut entries = entries.iter();
            entries.any(|(key, value)| match known.get(key) {
                Some(known) => says_more(value, known),
                None => !matches!(value, Value::Null | Value::Bool(false)),
            })
        }
        (Value::Array(items), Value::Array(known)) => {
            let mut pairs = items.iter().zip(known);
            pairs.any(|(item, known)| says_more(item, known))
        }
        _ => false,
    }
}

/// Whether a line is the beginning of one that a crash cut off. Every line is an object: a cut-off number is none of ours.
fn is_torn(line: &[u8]) -> bool {
    let begins_an_object = line.trim_ascii_start().first().is_none_or(|byte| *byte == b'{');
    begins_an_object && matches!(serde_json::from_slice::<Value>(line), Err(error) if error.is_eof())
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

    /// The writes that were refused, and would make the index stale if they were carried out all the same.
    pub(in crate::run) fn refused_writes(&self) -> &[OpenWrite] {
        &self.refused
    }

    /// The id of the run that sorts after all others; empty when there was none.
    pub(super) fn latest_run(&self) -> &str {
        &self.latest_run
    }

    /// The last writes that took effect or may have, oldest first.
    pub(in crate::run) fn last_writes(&self) -> &[LastWrite] {
        &self.last
    }

    pub(super) fn take(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::WriteBegins(write) => self.begin(at, write),
            Entry::WriteEnds { began, effect } => self.end(at, *began, *effect),
            Entry::WriteSettled { began, .. } => {
                self.open.retain(|write| write.began != *began);
                self.refused.retain(|write| write.began != *began);
                self.owe();
            }
            Entry::ReindexBegins { to_be_proven, .. } => self.reindex_began = !to_be_proven,
            Entry::ReindexEnds { succeeded: true } if self.reindex_began => self.pay(),
            Entry::ReindexDeclared | Entry::IndexProven => self.pay(),
            Entry::IndexNotProven => self.owe(),
            Entry::WriteAnswered { began } => {
                let written = self.open.iter_mut().rfind(|write| write.began == *began);
                if let Some(write) = written {
                    write.answered = true;
                }
            }
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
            answered: false,
            needs_reindex: write.needs_reindex,
            links: write.links.clone(),
        });
        self.last.retain(|last| at.duration_since(last.at) <= LAST);
        self.last.push(LastWrite {
            began: at,
            at,
            links: write.links.clone(),
        });
    }

    fn end(&mut self, at: Timestamp, began: Option<Timestamp>, effect: Effect) {
        let named = |write: &LastWrite| began.is_none_or(|began| write.began == began);
        match self.last.iter().rposition(named) {
            Some(last) if effect == Effect::None => {
                self.last.remove(last);
            }
            Some(last) => self.last[last].at = at,
            None => {}
        }
        let named = |write: &OpenWrite| began.is_none_or(|began| write.began == began);
        let at = self.open.iter().rposition(named);
        match (effect, at) {
            // What arrives when nobody looks any more can be a move of a link that is gone by then: that makes it anew.
            (Effect::Unknown, _) => self.owe(),
            (Effect::None, Some(at)) => {
                let ended = self.open.remove(at);
                if ended.answered && ended.needs_reindex {
                    self.refused.push(ended);
                }
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
        self.refused.clear();
    }
}
