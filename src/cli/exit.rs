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
    /// The worst of several: what was begun and left undone beats what was refused, which beats what is only to be done.
    pub fn worst(exits: impl IntoIterator<Item = Self>) -> Self {
        exits
            .into_iter()
            .max_by_key(|exit| exit.severity())
            .unwrap_or(Self::Done)
    }

    fn severity(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Changes => 1,
            Self::Error => 2,
            Self::Usage => 3,
            Self::Refused => 4,
            Self::Stale => 5,
            Self::Owed => 6,
            Self::Partial => 7,
            Self::Interrupted | Self::Terminated => 8,
        }
    }

    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_is_told_whatever_the_order() {
        use Exit::{Changes, Done, Error, Interrupted, Owed, Partial, Refused, Stale, Terminated, Usage};
        let from_bad_to_good = [
            Interrupted,
            Partial,
            Owed,
            Stale,
            Refused,
            Usage,
            Error,
            Changes,
            Done,
        ];
        for (at, exit) in from_bad_to_good.into_iter().enumerate() {
            assert_eq!(Exit::worst(from_bad_to_good[at..].iter().copied()), exit);
            assert_eq!(Exit::worst(from_bad_to_good[at..].iter().rev().copied()), exit);
            assert!(Exit::worst([exit, Terminated]).code() >= 130);
        }
        assert_eq!(Exit::worst([]), Done);
    }
}
