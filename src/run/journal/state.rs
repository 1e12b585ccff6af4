//! The state of a target by the lines of its journal. Pure.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::entry::{Effect, Entry, Line, Write, WrittenLink};
use super::owed::{OwedReindex, stocks_of};
use crate::model::StockId;

/// The greatest age of a write, before the newest one, that counts among the last writes.
const LAST: SignedDuration = SignedDuration::from_mins(15);

/// The state of one target by its journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The reindex that is owed whatever the effect of the open writes.
    owed: Option<OwedReindex>,
    /// True if a reindex whose success settles what is owed began after the last write that needs one.
    reindex_began: bool,
    /// Writes in doubt, oldest first.
    open: Vec<OpenWrite>,
    /// Writes that make the index stale, were answered by no plain success, and showed no effect in a read. If the server
    /// applied one later, its links show it.
    refused: Vec<OpenWrite>,
    /// The last writes that took effect or may have, oldest first.
    last: Vec<LastWrite>,
    /// The greatest run id.
    latest_run: String,
    /// The reindex step that has begun and not ended.
    begun_step: Option<CutOffStep>,
    /// The last reindex step that was ended midway, unless a reindex has succeeded since.
    cut_off_step: Option<CutOffStep>,
}

/// A reindex step that was ended midway. The shop's index may stay at `working`, and each later run skips it (recording
/// 07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct CutOffStep {
    /// When it began.
    pub began: Timestamp,
    /// Its number, from 1.
    pub step: usize,
}

/// A recent write that took effect or may have. A read from a replica may not show it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct LastWrite {
    /// When it began.
    began: Timestamp,
    /// The time of the last line about it.
    pub at: Timestamp,
    /// The links it writes.
    pub links: Vec<WrittenLink>,
}

/// A write in doubt: whether it took effect, or still may, is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenWrite {
    /// When it began.
    pub began: Timestamp,
    /// The most time that the request may take.
    pub timeout: Duration,
    /// True if it was answered, though not by plain success.
    answered: bool,
    /// True if it makes the index stale.
    pub needs_reindex: bool,
    /// The links it writes.
    pub links: Vec<WrittenLink>,
}

impl State {
    /// True if links were created or deleted, or may still be, and no later reindex is known to have succeeded.
    pub fn owes_reindex(&self) -> bool {
        // An open move counts as well: it creates the links that are gone when it arrives.
        self.owed.is_some() || !self.open.is_empty()
    }

    /// The reindex that is owed, or may be by the effect of the open writes.
    pub(in crate::run) fn owed_reindex(&self) -> Option<OwedReindex> {
        self.open.iter().fold(self.owed.clone(), |owed, write| {
            let may_be = OwedReindex {
                stocks: Some(stocks_of(&write.links)),
                since: write.began,
            };
            Some(may_be.added_to(owed))
        })
    }

    /// The writes in doubt, oldest first.
    pub fn open_writes(&self) -> &[OpenWrite] {
        &self.open
    }

    /// The writes that were refused, and make the index stale if the server applies them all the same.
    pub(in crate::run) fn refused_writes(&self) -> &[OpenWrite] {
        &self.refused
    }

    /// The reindex step of an earlier run that was ended midway, or that a killed run did not see the end of. No reindex has
    /// succeeded since.
    pub(in crate::run) fn cut_off_step(&self) -> Option<CutOffStep> {
        self.begun_step.or(self.cut_off_step)
    }

    /// The greatest run id; empty when there was no run.
    pub(super) fn latest_run(&self) -> &str {
        &self.latest_run
    }

    /// The last writes that took effect or may have, oldest first.
    pub(in crate::run) fn last_writes(&self) -> &[LastWrite] {
        &self.last
    }

    /// Takes in a line of the journal.
    pub(super) fn take_line(&mut self, line: Line) {
        self.take(line.at, &line.entry);
        self.latest_run = line.run.max(std::mem::take(&mut self.latest_run));
    }

    pub(super) fn take(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::WriteBegins(write) => self.begin(at, write),
            Entry::WriteEnds { began, effect } => self.end(at, *began, *effect),
            Entry::WriteSettled { began, .. } => {
                let settled: Vec<OpenWrite> = [&mut self.open, &mut self.refused]
                    .into_iter()
                    .flat_map(|writes| writes.extract_if(.., |write| write.began == *began))
                    .collect();
                self.owe(at, stocks_written(&settled));
            }
            Entry::ReindexBegins { to_be_proven, .. } => self.reindex_began = !to_be_proven,
            Entry::ReindexEnds { succeeded: true } => {
                self.cut_off_step = None;
                if self.reindex_began {
                    self.pay(None);
                }
            }
            Entry::ReindexDeclared => self.pay(None),
            Entry::IndexProven { stocks } => self.pay(stocks.as_ref()),
            Entry::IndexNotProven { stocks } => self.owe(at, stocks.clone()),
            Entry::WriteAnswered { began } => {
                let written = self.open.iter_mut().rfind(|write| write.began == *began);
                if let Some(write) = written {
                    write.answered = true;
                }
            }
            Entry::StepBegins { step } => {
                let begun = CutOffStep {
                    began: at,
                    step: *step,
                };
                self.cut_off_step = self.begun_step.replace(begun).or(self.cut_off_step);
            }
            Entry::StepEnds { cut_off, .. } => {
                let ended = self.begun_step.take();
                if *cut_off {
                    self.cut_off_step = ended.or(self.cut_off_step);
                    self.owe(at, None);
                }
            }
            Entry::PreImageKept { .. } | Entry::ReindexEnds { succeeded: false } => {}
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
        let place = self.open.iter().rposition(named);
        match (effect, place) {
            // A move that arrives after the last read creates the link if it is gone by then.
            (Effect::Unknown, place) => {
                let written = place.map(|place| stocks_of(&self.open[place].links));
                self.owe(at, written);
            }
            (Effect::None, Some(place)) => {
                let ended = self.open.remove(place);
                if ended.answered && ended.needs_reindex {
                    self.refused.push(ended);
                }
            }
            (Effect::Some, Some(place)) => {
                let ended = self.open.remove(place);
                // An earlier attempt of the same write changes nothing any more. It may have created a link that this one
                // only moved.
                let attempts = self.open.extract_if(.., |write| write.links == ended.links);
                let needs_reindex =
                    attempts.fold(ended.needs_reindex, |needs, write| needs | write.needs_reindex);
                if needs_reindex {
                    self.owe(at, Some(stocks_of(&ended.links)));
                }
            }
            (Effect::None | Effect::Some, None) => {}
        }
    }

    /// Owes a reindex for some stocks; for any, where they are unknown.
    fn owe(&mut self, at: Timestamp, stocks: Option<BTreeSet<StockId>>) {
        let more = OwedReindex { stocks, since: at };
        self.owed = Some(more.added_to(self.owed.take()));
        self.reindex_began = false;
    }

    /// Settles what is owed for some stocks, or for all. It stays owed while a write is in doubt: the index would lack it.
    fn pay(&mut self, proven: Option<&BTreeSet<StockId>>) {
        if self.open.is_empty() {
            let owed = self.owed.take();
            self.owed = owed.and_then(|owed| owed.without(proven?));
        }
        match proven {
            Some(proven) => self
                .refused
                .retain(|write| !stocks_of(&write.links).is_subset(proven)),
            None => self.refused.clear(),
        }
        if proven.is_none() || self.owed.is_none() {
            self.begun_step = None;
            self.cut_off_step = None;
        }
    }
}

/// The stocks of some writes; `None` if there is no write.
fn stocks_written(writes: &[OpenWrite]) -> Option<BTreeSet<StockId>> {
    let stocks = writes.iter().flat_map(|write| stocks_of(&write.links));
    (!writes.is_empty()).then(|| stocks.collect())
}
