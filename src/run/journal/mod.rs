//! The memory between runs: JSON lines, synced to disk around each write and reindex step, and who may write them.
//!
//! A journal only grows; reading it takes time in proportion to its length, and a run adds some lines of about 300 bytes
//! and 60 for each link that it writes.

mod actor;
mod delivery_log;
mod entry;
mod error;
mod folder;
mod late;
mod lock;
mod pre_image;
mod probe;
mod state;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use spanned_yaml::diag::escape_json;
use uuid::Uuid;

use self::actor::actor;
use self::entry::{Entry, Line, Write};
use self::folder::{Folder, at, keep_names, stands_at};
use self::lock::{Lock, at_work};
use super::event::Observer;
use crate::disk;
use crate::reconcile::{TargetLabel, WriteBatch};

pub use self::delivery_log::DeliveryLog;
pub(super) use self::entry::Effect;
pub use self::entry::WrittenLink;
pub use self::error::JournalError;
pub use self::folder::{STATE_FILES, StateFile};
pub use self::lock::Holder;
pub use self::pre_image::PreImage;
pub use self::state::{OpenWrite, ReplayError, State, replay};

/// The JSON Schema of a line of the journal.
pub fn journal_schema() -> schemars::Schema {
    schemars::schema_for!(Line)
}

/// Whether a reindex is owed: links were created or deleted, and none is known to have started after that and succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed(pub bool);

/// The run that opens a journal.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The command, such as `apply`, for others to know who is at work.
    pub command: &'static str,
    /// How long to wait for another run on the same target to end.
    pub max_wait: Duration,
}

/// The journal of one target, open for one run; no other run can open it meanwhile.
#[derive(Debug)]
pub struct Journal {
    folder: Folder,
    lock: Lock,
    file: File,
    path: PathBuf,
    /// How long the file is at least: a shorter one has lost lines.
    length: u64,
    /// When it was opened: no write of an earlier run was sent after that.
    opened: Instant,
    /// When the writes of this run began.
    begun: HashMap<Timestamp, Instant>,
    /// When something was found out of a write of this run last; its opening before that.
    last_write: Instant,
    target: TargetLabel,
    run: Uuid,
    plan_sha256: Option<String>,
    state: State,
    /// The last line of the file has no end. It stays as a line of its own, and is passed over.
    torn: bool,
}

impl Journal {
    /// Reads whether a reindex is owed to a target, without making or changing any file.
    pub fn peek(state_dir: &Path, target: &TargetLabel) -> Result<Owed, JournalError> {
        Self::state(state_dir, target).map(|state| Owed(state.owes_reindex()))
    }

    /// Reads what is known of a target, without making or changing any file.
    pub(super) fn state(state_dir: &Path, target: &TargetLabel) -> Result<State, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.check()?;
        let path = folder.journal();
        match disk::read(&path, disk::LARGEST_DOCUMENT) {
            Ok(bytes) => understood(&bytes, &path, target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::default()),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// Who is at work on a target now, as far as that can be told; for commands that only read.
    pub fn at_work(state_dir: &Path, target: &TargetLabel) -> Option<Holder> {
        at_work(&Folder::of(state_dir, target).lock())
    }

    /// Opens the journal for writing, making it and its folder where they are missing.
    pub async fn open(
        state_dir: &Path,
        target: &TargetLabel,
        opening: Opening,
        observer: &dyn Observer,
    ) -> Result<Self, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.make()?;
        let lock = Lock::take(&folder.lock(), opening.command, opening.max_wait, observer).await?;
        let path = folder.journal();
        let is_new = !path.exists();
        let open = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&path);
        let file = open.map_err(at(&path))?;
        if is_new {
            keep_names(path.parent().unwrap_or(Path::new("")))?;
        }
        let bytes = disk::read(&path, disk::LARGEST_DOCUMENT).map_err(at(&path))?;
        let state = understood(&bytes, &path, target)?;
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

    /// Whether a reindex is owed now.
    pub fn owed(&self) -> Owed {
        Owed(self.state.owes_reindex())
    }

    /// The writes of which it is not known whether they took effect or still may, oldest first.
    pub fn open_writes(&self) -> &[OpenWrite] {
        self.state.open_writes()
    }

    /// Fails when the journal or the lock was removed or replaced: this run is alone with them then, and another one may
    /// write.
    fn check(&self) -> Result<(), JournalError> {
        self.lock.check()?;
        let is_whole = || self.file.metadata().map(|file| file.len() >= self.length);
        if stands_at(&self.file, &self.path)? && is_whole().map_err(at(&self.path))? {
            return Ok(());
        }
        Err(JournalError::Replaced {
            path: self.path.clone(),
        })
    }

    /// The index was compared with the links and is as they predict: no reindex is owed any more, unless a write may
    /// still arrive.
    pub fn index_proven(&mut self) -> Result<(), JournalError> {
        self.append(Entry::IndexProven)
    }

    /// The index was compared with the links and is not as they predict, or could not be compared: a reindex is owed.
    pub(super) fn index_not_proven(&mut self) -> Result<(), JournalError> {
        self.append(Entry::IndexNotProven)
    }

    /// A person says that the shop has reindexed since the last write: none is owed any more, unless a write may still
    /// arrive.
    pub fn reindex_declared(&mut self) -> Result<(), JournalError> {
        self.append(Entry::ReindexDeclared)
    }

    /// Names the plan that the lines from here on are about.
    pub(super) fn carries_out(&mut self, plan_sha256: String) {
        self.plan_sha256 = Some(plan_sha256);
    }

    /// A write is about to be sent; gives the time by which the journal knows it.
    pub(super) fn write_begins(
        &mut self,
        call: &WriteBatch,
        live_sha256: &str,
        timeout: Duration,
    ) -> Result<Timestamp, JournalError> {
        let entry = Entry::WriteBegins(Write::of(call, live_sha256, timeout));
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

    /// A write was answered otherwise than plainly; how it ends is known later.
    pub(super) fn write_answered(&mut self, began: Timestamp) -> Result<(), JournalError> {
        self.append(Entry::WriteAnswered { began })
    }

    pub(super) fn write_ends(&mut self, began: Timestamp, effect: Effect) -> Result<(), JournalError> {
        let began = Some(began);
        self.last_write = Instant::now();
        self.append(Entry::WriteEnds { began, effect })
    }

    pub(super) fn write_settled(&mut self, began: Timestamp, seen: bool) -> Result<(), JournalError> {
        self.append(Entry::WriteSettled { began, seen })
    }

    /// The steps are about to start; when a proof follows them, only that pays what is owed.
    pub(super) fn reindex_begins(&mut self, steps: usize, to_be_proven: bool) -> Result<(), JournalError> {
        self.append(Entry::ReindexBegins { steps, to_be_proven })
    }

    pub(super) fn step_begins(&mut self, step: usize) -> Result<(), JournalError> {
        self.append(Entry::StepBegins { step })
    }

    pub(super) fn step_ends(&mut self, step: usize, succeeded: bool) -> Result<(), JournalError> {
        self.append(Entry::StepEnds { step, succeeded })
    }

    pub(super) fn reindex_ends(&mut self, succeeded: bool) -> Result<(), JournalError> {
        self.append(Entry::ReindexEnds { succeeded })
    }

    fn append(&mut self, entry: Entry) -> Result<(), JournalError> {
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
        // What follows may be a request to the shop: nothing may have happened to the files by then.
        self.check()?;
        // Only what the next run will read counts.
        self.state.take(line.at, &line.entry);
        Ok(())
    }
}

/// An id that sorts after those of all earlier runs, also where the clock was set back: by it the newest pre-image is known.
fn run_after(latest: &str) -> Uuid {
    let now = Uuid::now_v7();
    let latest = Uuid::parse_str(latest).ok().filter(|latest| *latest >= now);
    let Some((seconds, nanoseconds)) = latest.and_then(|run| Some(run.get_timestamp()?.to_unix())) else {
        return now;
    };
    // A millisecond later: the ids of one millisecond are in no order.
    let later = Duration::new(seconds, nanoseconds) + Duration::from_millis(1);
    let later = uuid::Timestamp::from_unix(uuid::NoContext, later.as_secs(), later.subsec_nanos());
    Uuid::new_v7(later)
}

fn understood(bytes: &[u8], path: &Path, target: &TargetLabel) -> Result<State, JournalError> {
    replay(bytes, &target.url).map_err(|error| JournalError::of_journal(path.to_owned(), error))
}
