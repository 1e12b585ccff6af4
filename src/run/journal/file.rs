//! The journal file of one target: read by any run, opened for writing by one at a time.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use spanned_yaml::diag::escape_json;
use uuid::Uuid;

use super::actor::actor;
use super::entry::{Effect, Entry, Line, Write};
use super::error::JournalError;
use super::folder::{Folder, JOURNAL, LOCK, at, stands_at, sync_names};
use super::lock::{Lock, holder_of};
use super::replay::replay;
use super::run_id::run_after;
use super::state::{OpenWrite, State};
use crate::disk;
use crate::model::StockId;
use crate::reconcile::{TargetLabel, WriteBatch};
use crate::run::event::Observer;
use crate::run::holder::Holder;

/// The run that opens a journal.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The command, such as `apply`, which other runs name while they wait.
    pub command: &'static str,
    /// The longest wait for another run on the same target.
    pub max_wait: Duration,
}

/// The journal of one target, open for one run. No other run can open it meanwhile.
#[derive(Debug)]
pub struct Journal {
    pub(super) folder: Folder,
    lock: Lock,
    file: File,
    path: PathBuf,
    /// The least length of the file: a shorter one has lost lines.
    length: u64,
    /// When it was opened: no earlier run sent a write after that.
    opened: Instant,
    /// When the writes of this run began.
    begun: HashMap<Timestamp, Instant>,
    /// When a write of this run began or ended last; the opening before the first one.
    last_write: Instant,
    pub(super) target: TargetLabel,
    pub(super) run: Uuid,
    plan_sha256: Option<String>,
    state: State,
    /// True if the last line of the file is torn. It stays as a line of its own, which readers skip.
    torn: bool,
}

impl Journal {
    /// Reads whether a reindex is owed to a target. Creates and changes no file.
    pub fn peek(state_dir: &Path, target: &TargetLabel) -> Result<bool, JournalError> {
        Self::read_state(state_dir, target).map(|state| state.owes_reindex())
    }

    /// Reads the state of a target. Creates and changes no file.
    pub(in crate::run) fn read_state(state_dir: &Path, target: &TargetLabel) -> Result<State, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.check()?;
        let path = folder.at(JOURNAL);
        let bytes = disk::read_if_there(&path, disk::LARGEST_DOCUMENT).map_err(at(&path))?;
        bytes.map_or_else(|| Ok(State::default()), |bytes| parse(&bytes, &path, target))
    }

    /// The run that is at work on a target now, as far as is known; for commands that only read.
    pub fn at_work(state_dir: &Path, target: &TargetLabel) -> Option<Holder> {
        holder_of(&Folder::of(state_dir, target).at(LOCK))
    }

    /// Opens the journal for writing. Creates it and its folder where they are missing.
    pub async fn open(
        state_dir: &Path,
        target: &TargetLabel,
        opening: Opening,
        observer: &dyn Observer,
    ) -> Result<Self, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.make()?;
        let lock = Lock::take(&folder.at(LOCK), opening.command, opening.max_wait, observer).await?;
        let path = folder.at(JOURNAL);
        let is_new = !path.exists();
        let open = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&path);
        let file = open.map_err(at(&path))?;
        if is_new {
            sync_names(path.parent().unwrap_or(Path::new("")))?;
        }
        let bytes = disk::read(&path, disk::LARGEST_DOCUMENT).map_err(at(&path))?;
        let state = parse(&bytes, &path, target)?;
        let opened = Instant::now();
        Ok(Self {
            folder,
            lock,
            file,
            path,
            length: bytes.len() as u64,
            opened,
            begun: HashMap::new(),
            last_write: opened,
            target: target.clone(),
            run: run_after(state.latest_run()),
            plan_sha256: None,
            torn: bytes.last().is_some_and(|byte| *byte != b'\n'),
            state,
        })
    }

    /// True if a reindex is owed now.
    pub fn owed(&self) -> bool {
        self.state.owes_reindex()
    }

    /// The writes that may have taken effect or still may, oldest first.
    pub fn open_writes(&self) -> &[OpenWrite] {
        self.state.open_writes()
    }

    /// The state of the target, with the lines of this run.
    pub(in crate::run) fn state(&self) -> &State {
        &self.state
    }

    /// When a write of this run began or ended last, or the journal was opened.
    pub(in crate::run) fn last_write(&self) -> Instant {
        self.last_write
    }

    /// The time that a write may still take to arrive. Clocks are set, and other machines have others, so only the time of
    /// this run counts: for a write of an earlier run from the opening, since that run had ended by then.
    pub(in crate::run) fn may_arrive_for(&self, write: &OpenWrite) -> Duration {
        let since = self.begun.get(&write.began).unwrap_or(&self.opened);
        write.timeout.saturating_sub(since.elapsed())
    }

    /// Fails when the journal or the lock was removed or replaced: another run may hold the new ones and write.
    pub(super) fn check(&self) -> Result<(), JournalError> {
        self.lock.check()?;
        let is_whole = || self.file.metadata().map(|file| file.len() >= self.length);
        if stands_at(&self.file, &self.path)? && is_whole().map_err(at(&self.path))? {
            return Ok(());
        }
        Err(JournalError::Replaced {
            path: self.path.clone(),
        })
    }

    /// Records that the index is as the links predict: no reindex is owed any more, unless a write may still arrive.
    pub fn index_proven(&mut self) -> Result<(), JournalError> {
        self.append(Entry::IndexProven { stocks: None })
    }

    /// Records that the index of those stocks is as the links predict: nothing is owed for them any more, unless a write may
    /// still arrive.
    pub(in crate::run) fn index_proven_of(&mut self, stocks: BTreeSet<StockId>) -> Result<(), JournalError> {
        let stocks = Some(stocks);
        self.append(Entry::IndexProven { stocks })
    }

    /// Records that the index of those stocks, or of any, is stale, or could not be compared with the links: a reindex is
    /// owed.
    pub(in crate::run) fn index_not_proven(
        &mut self,
        stocks: Option<BTreeSet<StockId>>,
    ) -> Result<(), JournalError> {
        self.append(Entry::IndexNotProven { stocks })
    }

    /// Records that a person declared the reindex done: none is owed any more, unless a write may still arrive.
    pub fn reindex_declared(&mut self) -> Result<(), JournalError> {
        self.append(Entry::ReindexDeclared)
    }

    /// Sets the plan that the next lines name.
    pub(in crate::run) fn set_plan(&mut self, plan_sha256: String) {
        self.plan_sha256 = Some(plan_sha256);
    }

    /// Records that a write is about to be sent. Returns its time, by which the journal identifies it.
    pub(in crate::run) fn write_begins(
        &mut self,
        batch: &WriteBatch,
        live_sha256: &str,
        timeout: Duration,
    ) -> Result<Timestamp, JournalError> {
        let entry = Entry::WriteBegins(Write::of(batch, live_sha256, timeout));
        let mut began = Timestamp::now();
        // A clock may be too coarse to tell two writes apart.
        while self.open_writes().iter().any(|write| write.began == began) {
            began += SignedDuration::from_nanos(1);
        }
        self.append_at(began, entry)?;
        self.last_write = Instant::now();
        self.begun.insert(began, self.last_write);
        Ok(began)
    }

    /// Records that a write was answered by something else than plain success; its effect is known later.
    pub(in crate::run) fn write_answered(&mut self, began: Timestamp) -> Result<(), JournalError> {
        self.append(Entry::WriteAnswered { began })
    }

    pub(in crate::run) fn write_ends(
        &mut self,
        began: Timestamp,
        effect: Effect,
    ) -> Result<(), JournalError> {
        let began = Some(began);
        self.last_write = Instant::now();
        self.append(Entry::WriteEnds { began, effect })
    }

    pub(in crate::run) fn write_settled(&mut self, began: Timestamp, seen: bool) -> Result<(), JournalError> {
        self.append(Entry::WriteSettled { began, seen })
    }

    /// Records that the steps are about to start. When a proof of the index follows, only the proof settles what is owed.
    pub(in crate::run) fn reindex_begins(
        &mut self,
        steps: usize,
        to_be_proven: bool,
    ) -> Result<(), JournalError> {
        self.append(Entry::ReindexBegins { steps, to_be_proven })
    }

    pub(in crate::run) fn step_begins(&mut self, step: usize) -> Result<(), JournalError> {
        self.append(Entry::StepBegins { step })
    }

    pub(in crate::run) fn step_ends(
        &mut self,
        step: usize,
        succeeded: bool,
        cut_off: bool,
    ) -> Result<(), JournalError> {
        self.append(Entry::StepEnds {
            step,
            succeeded,
            cut_off,
        })
    }

    pub(in crate::run) fn reindex_ends(&mut self, succeeded: bool) -> Result<(), JournalError> {
        self.append(Entry::ReindexEnds { succeeded })
    }

    pub(super) fn append(&mut self, entry: Entry) -> Result<(), JournalError> {
        self.append_at(Timestamp::now(), entry)
    }

    fn append_at(&mut self, now: Timestamp, entry: Entry) -> Result<(), JournalError> {
        let line = Line {
            at: now,
            run: self.run.to_string(),
            target: self.target.name.clone(),
            url: self.target.url.clone(),
            actor: actor(),
            plan_sha256: self.plan_sha256.clone(),
            entry,
        };
        let write = |file: &mut File, torn: bool| -> io::Result<u64> {
            let mut text = if torn { b"\n".to_vec() } else { Vec::new() };
            text.extend_from_slice(escape_json(&serde_json::to_string(&line)?).as_bytes());
            text.push(b'\n');
            file.write_all(&text)?;
            file.sync_data()?;
            Ok(file.metadata()?.len())
        };
        self.check()?;
        let written = write(&mut self.file, self.torn);
        self.torn = written.is_err();
        self.length = written.map_err(at(&self.path))?;
        // A request to the shop may follow: the files must still be there.
        self.check()?;
        // Only what the next run will read counts.
        self.state.take(line.at, &line.entry);
        Ok(())
    }
}

fn parse(bytes: &[u8], path: &Path, target: &TargetLabel) -> Result<State, JournalError> {
    replay(bytes, &target.url).map_err(|error| JournalError::of_journal(path.to_owned(), error))
}
