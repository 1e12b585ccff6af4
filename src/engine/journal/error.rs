//! Why the journal cannot be used.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::lock::Holder;
use super::state::Damaged;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or folder of the state cannot be read or written.
    #[error(
        "{path} cannot be used; check the folder's permissions and space, or name another by --state-dir"
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another run is at work on the same target with the same state directory.
    #[error("another stocktake is at work on this target{}{}", by(.holder.as_ref()), waited(*.after))]
    Busy {
        /// Who, as far as that can be told.
        holder: Option<Holder>,
        /// How long it was waited for.
        after: Duration,
    },
    /// What web hooks were told last cannot be read.
    #[error("{path} is not what this version writes there; remove it, and web hooks are told of drift anew")]
    Muddled {
        /// The file.
        path: PathBuf,
    },
    /// A line is no journal line.
    #[error("the journal {path} is {damaged}; move it away and run `stocktake reindex --force` once")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        damaged: Damaged,
    },
}

impl JournalError {
    /// What to do about it; one sentence each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Busy { after, .. } if after.is_zero() => {
                vec!["wait until it has ended; --lock-timeout 10m waits for it".to_owned()]
            }
            Self::Busy { .. } => vec!["wait until it has ended, or look at what it is doing".to_owned()],
            Self::Io { .. } | Self::Muddled { .. } | Self::Damaged { .. } => Vec::new(),
        }
    }
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
