//! The run that holds the lock of a target.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The run that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The command that runs, such as `apply`.
    pub command: String,
    /// The person or account that started it.
    pub actor: String,
    /// The machine it runs on.
    pub host: String,
    /// Its process there.
    pub pid: u32,
    /// When the run took the lock.
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
