//! The memory between runs: JSON lines, synced to disk around each write and reindex, from which an owed reindex is known.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::reconcile::TargetLabel;

/// What one line of the journal tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Entry {
    /// A write is about to be sent.
    WriteBegins {
        links: usize,
        kind: WriteKind,
        needs_reindex: bool,
        live_sha256: String,
    },
    /// What is known of the write that began last.
    WriteEnds { effect: Effect },
    /// The reindex steps are about to start.
    ReindexBegins,
    /// The reindex steps ended.
    ReindexEnds { succeeded: bool },
    /// A look at the index found it as the links want it.
    IndexProven,
    /// A look at the index found it stale, or could not prove that it is not.
    IndexNotProven,
}

/// Which of the two writes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WriteKind {
    Save,
    Delete,
}

/// Whether a write took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Effect {
    /// All of it or some of it did.
    Some,
    /// A read shows that nothing of it did.
    None,
    /// Nothing could be read, or the server may still be at work on it.
    Unknown,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: jiff::Timestamp,
    target: String,
    url: String,
    actor: String,
    #[serde(flatten)]
    entry: Entry,
}

/// Whether a reindex is owed: links were created or deleted, and none is known to have started after that and succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed(pub bool);

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file or its folder cannot be read or written.
    #[error(
        "the journal {path} cannot be used; check the folder's permissions and space, or name another by --state-dir"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another run writes with the same state directory.
    #[error("another stocktake is at work with the state directory of {path}; wait until it has ended")]
    Busy {
        /// The file that is locked.
        path: PathBuf,
    },
    /// A line in the middle is no journal line.
    #[error(
        "the journal {path} is damaged at line {line}; move it away and run `stocktake reindex --force` once"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

/// The journal of one state directory, open for one target.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Held as long as the journal is open: one writer for each state directory.
    _lock: File,
    file: File,
    target: TargetLabel,
    state: State,
}

/// What the lines of one target add up to.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    owed: bool,
    /// What was owed before the write that is under way.
    owed_before: bool,
    /// A reindex began after the last write that needs one.
    reindex_began: bool,
}

impl State {
    fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::WriteBegins { needs_reindex, .. } => {
                self.owed_before = self.owed;
                if *needs_reindex {
                    self.owed = true;
                    self.reindex_began = false;
                }
            }
            Entry::WriteEnds { effect: Effect::None } => self.owed = self.owed_before,
            Entry::ReindexBegins => self.reindex_began = true,
            Entry::ReindexEnds { succeeded: true } if self.reindex_began => self.owed = false,
            Entry::IndexProven => self.owed = false,
            Entry::IndexNotProven => {
                self.owed = true;
                self.reindex_began = false;
            }
            Entry::WriteEnds { .. } | Entry::ReindexEnds { .. } => {}
        }
    }
}

impl Journal {
    /// Reads whether a reindex is owed to a target, without making or changing any file.
    pub fn peek(state_dir: &Path, target: &TargetLabel) -> Result<Owed, JournalError> {
        let path = state_dir.join(FILE);
        match File::open(&path) {
            Ok(mut file) => Ok(Owed(read(&mut file, &path, target)?.0.owed)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Owed(false)),
            Err(source) => Err(JournalError::Io { path, source }),
        }
    }

    /// Opens the journal for writing, making it and its folder where they are missing.
    pub fn open(state_dir: &Path, target: &TargetLabel) -> Result<Self, JournalError> {
        let path = state_dir.join(FILE);
        let fail = |source| JournalError::Io {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(state_dir).map_err(fail)?;
        let lock = lock(&state_dir.join(LOCK))?;
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&path)
            .map_err(fail)?;
        let (state, torn) = read(&mut file, &path, target)?;
        if torn {
            // What was being written when the machine stopped stays as a line of its own, and is passed over.
            file.write_all(b"\n").map_err(fail)?;
        }
        Ok(Self {
            _lock: lock,
            file,
            target: target.clone(),
            state,
            path,
        })
    }

    /// Whether a reindex is owed now.
    pub fn owed(&self) -> Owed {
        Owed(self.state.owed)
    }

    pub(super) fn write_begins(
        &mut self,
        kind: WriteKind,
        links: usize,
        needs_reindex: bool,
        live_sha256: &str,
    ) -> Result<(), JournalError> {
        let live_sha256 = live_sha256.to_owned();
        self.append(Entry::WriteBegins {
            links,
            kind,
            needs_reindex,
            live_sha256,
        })
    }

    pub(super) fn write_ends(&mut self, effect: Effect) -> Result<(), JournalError> {
        self.append(Entry::WriteEnds { effect })
    }

    pub(super) fn reindex_begins(&mut self) -> Result<(), JournalError> {
        self.append(Entry::ReindexBegins)
    }

    pub(super) fn reindex_ends(&mut self, succeeded: bool) -> Result<(), JournalError> {
        self.append(Entry::ReindexEnds { succeeded })
    }

    /// Takes note of a look that found the index of every stock in question as the links want it: nothing is owed.
    pub(super) fn index_proven(&mut self) -> Result<(), JournalError> {
        self.append(Entry::IndexProven)
    }

    /// Takes note of a look that did not find the index as the links want it: a reindex is owed.
    pub(super) fn index_not_proven(&mut self) -> Result<(), JournalError> {
        self.append(Entry::IndexNotProven)
    }

    fn append(&mut self, entry: Entry) -> Result<(), JournalError> {
        let line = Line {
            at: jiff::Timestamp::now(),
            target: self.target.name.clone(),
            url: self.target.url.clone(),
            actor: actor(),
            entry,
        };
        let write = |file: &mut File| -> io::Result<()> {
            let mut text = serde_json::to_vec(&line)?;
            text.push(b'\n');
            file.write_all(&text)?;
            file.sync_data()
        };
        write(&mut self.file).map_err(|source| JournalError::Io {
            path: self.path.clone(),
            source,
        })?;
        // Only what the next run will read counts.
        self.state.take(&line.entry);
        Ok(())
    }
}

const FILE: &str = "journal.jsonl";

/// A file of its own, so that the journal can be read while it is written.
const LOCK: &str = "lock";

/// Takes the lock of a state directory; the system lets it go when the process ends, however it ends.
fn lock(path: &Path) -> Result<File, JournalError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let file = file.map_err(|source| JournalError::Io {
        path: path.to_owned(),
        source,
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Busy {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(JournalError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Adds up the lines of one target; also tells whether the last line is torn.
fn read(file: &mut File, path: &Path, target: &TargetLabel) -> Result<(State, bool), JournalError> {
    let fail = |source| JournalError::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(fail)?;
    file.read_to_end(&mut bytes).map_err(fail)?;
    let torn = bytes.last().is_some_and(|byte| *byte != b'\n');
    let mut state = State::default();
    let lines: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    for (at, line) in lines.iter().enumerate() {
        match serde_json::from_slice::<Line>(line) {
            // The URL is the shop; its name in targets.yaml may change.
            Ok(line) if line.url == target.url => state.take(&line.entry),
            Ok(_) => {}
            Err(_) if is_torn(line) => {}
            Err(_) => {
                return Err(JournalError::Damaged {
                    path: path.to_owned(),
                    line: at + 1,
                });
            }
        }
    }
    Ok((state, torn))
}

/// Whether a line is the beginning of one that a crash cut off.
fn is_torn(line: &[u8]) -> bool {
    matches!(serde_json::from_slice::<serde_json::Value>(line), Err(error) if error.is_eof())
}

/// Who runs the tool: the account, as the environment names it.
fn actor() -> String {
    [
        "STOCKTAKE_ACTOR",
        "GITHUB_ACTOR",
        "GITLAB_USER_LOGIN",
        "USER",
        "USERNAME",
    ]
    .iter()
    .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Effect, Journal, Owed, TargetLabel, WriteKind};

    fn target(url: &str) -> TargetLabel {
        TargetLabel {
            name: "shop".to_owned(),
            url: url.to_owned(),
        }
    }

    #[test]
    fn a_reindex_is_owed_from_the_write_until_one_that_started_later_succeeds() {
        let dir = tempfile::tempdir().unwrap();
        let shop = target("https://a.example/");
        let mut journal = Journal::open(dir.path(), &shop).unwrap();
        assert_eq!(journal.owed(), Owed(false));
        journal.reindex_begins().unwrap();
        journal.write_begins(WriteKind::Save, 3, true, "").unwrap();
        assert_eq!(
            Journal::peek(dir.path(), &shop).unwrap(),
            Owed(true),
            "also after a crash right here"
        );
        journal.write_ends(Effect::Some).unwrap();
        journal.reindex_ends(true).unwrap();
        assert_eq!(journal.owed(), Owed(true), "that one started before the write");
        journal.reindex_begins().unwrap();
        journal.reindex_ends(false).unwrap();
        assert_eq!(journal.owed(), Owed(true));
        journal.reindex_begins().unwrap();
        journal.reindex_ends(true).unwrap();
        assert_eq!(Journal::peek(dir.path(), &shop).unwrap(), Owed(false));
    }

    #[test]
    fn moves_and_writes_without_effect_owe_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), &target("https://a.example/")).unwrap();
        journal.write_begins(WriteKind::Save, 1, false, "").unwrap();
        journal.write_ends(Effect::Some).unwrap();
        journal.write_begins(WriteKind::Delete, 1, true, "").unwrap();
        journal.write_ends(Effect::None).unwrap();
        assert_eq!(journal.owed(), Owed(false));
    }

    #[test]
    fn one_run_writes_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let shop = target("https://a.example/");
        let first = Journal::open(dir.path(), &shop).unwrap();
        assert!(
            Journal::open(dir.path(), &shop)
                .unwrap_err()
                .to_string()
                .contains("at work")
        );
        assert_eq!(
            Journal::peek(dir.path(), &shop).unwrap(),
            Owed(false),
            "reading is free"
        );
        drop(first);
        Journal::open(dir.path(), &shop).unwrap();
    }

    #[test]
    fn each_shop_has_its_own_debts() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), &target("https://a.example/")).unwrap();
        journal.write_begins(WriteKind::Save, 1, true, "").unwrap();
        assert_eq!(
            Journal::peek(dir.path(), &target("https://b.example/")).unwrap(),
            Owed(false)
        );
    }

    #[test]
    fn a_torn_last_line_is_passed_over_and_a_damaged_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let shop = target("https://a.example/");
        let mut journal = Journal::open(dir.path(), &shop).unwrap();
        journal.write_begins(WriteKind::Save, 1, true, "").unwrap();
        drop(journal);
        let path = dir.path().join("journal.jsonl");
        let whole = std::fs::read(&path).unwrap();
        let torn = [whole.as_slice(), &whole[..whole.len() / 2]].concat();
        std::fs::write(&path, &torn).unwrap();
        let mut journal = Journal::open(dir.path(), &shop).unwrap();
        assert_eq!(journal.owed(), Owed(true));
        journal.reindex_begins().unwrap();
        journal.reindex_ends(true).unwrap();
        assert_eq!(Journal::peek(dir.path(), &shop).unwrap(), Owed(false));

        std::fs::write(&path, [b"what?\n", whole.as_slice()].concat()).unwrap();
        assert!(
            Journal::peek(dir.path(), &shop)
                .unwrap_err()
                .to_string()
                .contains("damaged at line 1")
        );
    }
}
