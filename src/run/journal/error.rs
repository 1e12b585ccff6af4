//! The errors of the state directory.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::replay::ReplayError;
use crate::run::holder::Holder;

/// An error of the state directory.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or folder of the state cannot be read or written.
    #[error(
        "{path} cannot be used; check the folder's permissions and space, or name another by --state-dir"
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        #[source]
        source: io::Error,
    },
    /// Another run is at work on the same target with the same state directory.
    #[error("another stocktake is at work on this target{}{}", by(.holder.as_ref()), waited(*.after))]
    Busy {
        /// The other run, as far as is known.
        holder: Option<Holder>,
        /// The time of the wait.
        after: Duration,
    },
    /// The delivery log cannot be read.
    #[error(
        "{path} is not what this version writes there; remove it, and web hooks are notified of drift again"
    )]
    Muddled {
        /// The file.
        path: PathBuf,
    },
    /// A line is not a journal line.
    #[error(
        "the journal {path} is damaged at line {line}; move it away and run `stocktake reindex --force` once, or wait for \
         the shop's cron where that reindexes"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A newer version has written it.
    #[error("{path} was written by a newer stocktake{}; use that version", of_line(*.line))]
    Newer {
        /// The file.
        path: PathBuf,
        /// The line that shows it, from 1; `None` for a file that is one document.
        line: Option<usize>,
    },
    /// A file of the state was replaced: another run may be at work with the new one.
    #[error("{path} was removed or replaced while this run was at work; it writes nothing more")]
    Replaced {
        /// The file.
        path: PathBuf,
    },
}

impl JournalError {
    /// Advice on it; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Busy { after, .. } if after.is_zero() => {
                vec!["wait until it has ended; --lock-timeout 10m waits for it".to_owned()]
            }
            Self::Busy { .. } => vec!["wait until it has ended, or look at what it is doing".to_owned()],
            Self::Replaced { .. } => vec![
                "find out who cleans the state directory up; then run again: it begins with what the shop shows"
                    .to_owned(),
            ],
            Self::Io { .. } | Self::Muddled { .. } | Self::Damaged { .. } | Self::Newer { .. } => Vec::new(),
        }
    }
}

impl JournalError {
    /// The error of replaying the journal at that path.
    pub(super) fn of_journal(path: PathBuf, error: ReplayError) -> Self {
        match error {
            ReplayError::Damaged { line } => Self::Damaged { path, line },
            ReplayError::Newer { line } => Self::Newer {
                path,
                line: Some(line),
            },
        }
    }
}

fn of_line(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(", as line {line} shows"))
}

fn by(holder: Option<&Holder>) -> String {
    holder.map_or_else(String::new, |holder| format!(": {holder}"))
}

fn waited(after: Duration) -> String {
    match after.as_secs() {
        0 => String::new(),
        seconds => format!("; it had not ended after {seconds} s"),
    }
}
