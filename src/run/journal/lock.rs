//! The lock of a target: one run writes at a time. The system releases it when the process ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use spanned_yaml::diag::escape_json;

use super::actor::{actor, host};
use super::error::JournalError;
use super::folder::{at, stands_at};
use crate::disk;
use crate::run::event::{Event, Observer};
use crate::run::holder::Holder;

/// The pause between two attempts to take a lock.
const PAUSE: Duration = Duration::from_millis(200);

/// The most that is read from a holder file.
const LARGEST: u64 = 64 << 10;

/// A lock that is held as long as this value lives.
#[derive(Debug)]
pub(super) struct Lock {
    /// The holder file beside it, since a locked file cannot be read outside Unix.
    holder: PathBuf,
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes a lock for a command. Waits up to `max_wait` for another run to release it.
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
        // Somebody may have replaced it since it was opened: another run can lock the new one.
        if !stands_at(&file, path)? {
            return Err(JournalError::Replaced {
                path: path.to_owned(),
            });
        }
        let holder_file = beside(path);
        let holder = Holder {
            command: command.to_owned(),
            actor: actor(),
            host: host(),
            pid: std::process::id(),
            since: jiff::Timestamp::now(),
        };
        let text = serde_json::to_string(&holder).map_err(|error| at(&holder_file)(error.into()))?;
        disk::replace(&holder_file, &(escape_json(&text).into_owned() + "\n")).map_err(at(&holder_file))?;
        Ok(Some(Self {
            holder: holder_file,
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

/// Opens and locks a file; `None` when another run holds it.
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
        // The holder file of a replaced lock belongs to another run.
        if self.check().is_ok() {
            // A file that stays only names a run that has ended.
            let _ = fs::remove_file(&self.holder);
        }
        // A program that another thread starts has a copy of the file for a moment, and the lock would last as long as that.
        // Without this the end of the file releases it.
        let _ = self.file.unlock();
    }
}

/// The holder of a lock now, as far as is known without taking it: another run may want to.
pub(super) fn holder_of(path: &Path) -> Option<Holder> {
    holder(&beside(path)).filter(is_alive)
}

/// True if a process still runs. One that was killed has left its holder file.
#[cfg(unix)]
fn is_alive(holder: &Holder) -> bool {
    let id = i32::try_from(holder.pid).ok();
    let process = id.and_then(rustix::process::Pid::from_raw);
    holder.host == host()
        && process.is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

/// True if a process still runs, which is unknown here.
#[cfg(not(unix))]
fn is_alive(_: &Holder) -> bool {
    true
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("json")
}

/// Reads a holder file; `None` while it is being written, or when it cannot be parsed.
fn holder(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&disk::read(path, LARGEST).ok()?).ok()
}
