//! The lock of a target: one run writes at a time; the system lets it go when the process ends, however it ends.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use spanned_yaml::diag::escape_json;

use super::actor::{actor, host};
use super::error::JournalError;
use super::folder::{at, stands_at};
use crate::disk;
use crate::run::event::{Event, Observer};

/// How often it is looked whether a lock is free.
const PAUSE: Duration = Duration::from_millis(200);

/// The most that is read of who holds a lock.
const LARGEST: u64 = 64 << 10;

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The command that runs, such as `apply`.
    pub command: String,
    /// Who started it.
    pub actor: String,
    /// The machine it runs on.
    pub host: String,
    /// Its process there.
    pub pid: u32,
    /// When it took the lock.
    pub since: jiff::Timestamp,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            command,
            actor,
            host,
            pid,
            since,
        } = self;
        write!(
            f,
            "`{command}` of {actor} on {host}, process {pid}, since {since:.0}"
        )
    }
}

/// A lock that is held as long as this value lives.
#[derive(Debug)]
pub(super) struct Lock {
    /// Who holds it, in a file beside it: elsewhere than on Unix a locked file cannot be read.
    told: PathBuf,
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes a lock for a command; waits up to `max_wait` for another run to let it go.
    pub(super) async fn take(
        path: &Path,
        command: &str,
        max_wait: Duration,
        observer: &dyn Observer,
    ) -> Result<Self, JournalError> {
        let began = Instant::now();
        let mut waits = false;
        loop {
            if let Some(lock) = Self::try_take(path, command)? {
                return Ok(lock);
            }
            let holder = holder(&beside(path));
            let left = max_wait.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Err(JournalError::Busy {
                    holder,
                    after: max_wait,
                });
            }
            if !waits {
                observer.notice(Event::LockHeld {
                    holder: holder.as_ref(),
                    max_wait,
                });
                waits = true;
            }
            tokio::time::sleep(PAUSE.min(left)).await;
        }
    }

    fn try_take(path: &Path, command: &str) -> Result<Option<Self>, JournalError> {
        let Some(file) = lock_file(path)? else {
            return Ok(None);
        };
        // Somebody may have removed it since it was opened: another run can lock the one that stands there now.
        if !stands_at(&file, path)? {
            return Err(JournalError::Replaced {
                path: path.to_owned(),
            });
        }
        let told = beside(path);
        let holder = Holder {
            command: command.to_owned(),
            actor: actor(),
            host: host(),
            pid: std::process::id(),
            since: jiff::Timestamp::now(),
        };
        let text = serde_json::to_string(&holder).map_err(|error| at(&told)(error.into()))?;
        disk::replace(&told, &(escape_json(&text).into_owned() + "\n")).map_err(at(&told))?;
        Ok(Some(Self {
            told,
            path: path.to_owned(),
            file,
        }))
    }

    /// Fails when the file was removed or replaced: another run can hold the new one.
    pub(super) fn check(&self) -> Result<(), JournalError> {
        if stands_at(&self.file, &self.path)? {
            return Ok(());
        }
        Err(JournalError::Replaced {
            path: self.path.clone(),
        })
    }
}

/// Opens and locks a file; nothing when another run holds it.
fn lock_file(path: &Path) -> Result<Option<File>, JournalError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(at(path)(error)),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Beside another lock stands who holds that.
        if self.check().is_ok() {
            // It only tells who; without it a later run says that somebody is at work, and not who.
            let _ = fs::remove_file(&self.told);
        }
    }
}

/// Who holds a lock now, as far as that can be told without taking it: somebody else may want to.
pub(super) fn at_work(path: &Path) -> Option<Holder> {
    holder(&beside(path)).filter(is_alive)
}

/// Whether a process still runs; one that was killed has left word of itself. Of another machine's that cannot be told.
#[cfg(unix)]
fn is_alive(holder: &Holder) -> bool {
    let id = i32::try_from(holder.pid).ok();
    let process = id.and_then(rustix::process::Pid::from_raw);
    holder.host == host()
        && process.is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

/// Whether a process still runs, which cannot be told here.
#[cfg(not(unix))]
fn is_alive(_: &Holder) -> bool {
    true
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("json")
}

/// Who holds the lock; nothing when that is just being written, or was not understood.
fn holder(told: &Path) -> Option<Holder> {
    serde_json::from_slice(&disk::read(told, LARGEST).ok()?).ok()
}
