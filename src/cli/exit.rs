//! The exit codes, one meaning each.

/// How a command ended, as the operating system is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; for `plan` also when there are changes, unless `--detailed-exitcode` is given.
    Done = 0,
    /// An error; nothing was written.
    Error = 1,
    /// There are changes.
    Changes = 2,
    /// Refused by a guard; nothing was written.
    Refused = 3,
    /// The plan is stale; nothing was written.
    Stale = 4,
    /// Partly applied: the report says what was done, what failed, what is unknown, what was not tried.
    Partial = 5,
    /// Links applied, but the reindex or the verification did not succeed: it is owed.
    Owed = 6,
    /// Wrong usage.
    Usage = 64,
    /// Interrupted by SIGINT: the request in flight was finished, the report written.
    Interrupted = 130,
    /// Ended by SIGTERM, likewise.
    Terminated = 143,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}
