//! The exit codes, one meaning each, in the one table from which help and documentation are made.

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

/// What an exit code says to who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitCode {
    /// The code.
    pub exit: Exit,
    /// In a few words, for the help.
    pub brief: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do next.
    pub next: &'static str,
}

const fn code(exit: Exit, brief: &'static str, meaning: &'static str, next: &'static str) -> ExitCode {
    ExitCode {
        exit,
        brief,
        meaning,
        next,
    }
}

/// Every exit code.
pub const EXIT_CODES: [ExitCode; 10] = [
    code(
        Exit::Done,
        "done",
        "done; for `plan` also when there are changes, unless `--detailed-exitcode`",
        "Nothing.",
    ),
    code(
        Exit::Error,
        "error",
        "error: nothing was written",
        "Read the error: it says where, what the shop answered, and what to try. `stocktake doctor` checks a target \
         step by step.",
    ),
    code(
        Exit::Changes,
        "changes",
        "there are changes (`drift`, `plan --detailed-exitcode`, `fmt --check`)",
        "Look at them. `stocktake apply` brings the shop in line with the files, `stocktake export --update` the files \
         with the shop, `stocktake fmt` writes the canonical form.",
    ),
    code(
        Exit::Refused,
        "refused by a guard",
        "refused by a guard: nothing was written",
        "Check that the deletes are meant. If they are, lift that guard alone, with the `--allow` that the message \
         names; a protected stock is lifted in targets.yaml only.",
    ),
    code(
        Exit::Stale,
        "stale",
        "the plan is stale, saved or not: something changed since it was made; nothing was written",
        "Read what has changed, plan again, and have the new plan approved.",
    ),
    code(
        Exit::Partial,
        "partly applied",
        "partly applied: the report says what was done, what failed, what is unknown, what was not tried",
        "Mend what the report names, then run `stocktake apply` again: it settles what is unknown by reading, and \
         writes only what is left.",
    ),
    code(
        Exit::Owed,
        "applied but reindex or proof owed",
        "links applied, but reindex or proof did not succeed: it is owed",
        "Run `stocktake reindex`: it is remembered that one is owed. Where the proof names links that somebody else \
         changed, plan again.",
    ),
    code(
        Exit::Usage,
        "wrong usage",
        "wrong usage",
        "Read the error and the `--help` of the command.",
    ),
    code(
        Exit::Interrupted,
        "interrupted (SIGINT)",
        "interrupted by SIGINT: the request in flight was finished, the report written; a second signal stops at once",
        "Run the command again: what was begun is in the journal and is settled first.",
    ),
    code(
        Exit::Terminated,
        "ended (SIGTERM)",
        "ended by SIGTERM, likewise",
        "Run the command again, with more time.",
    ),
];

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Every exit code in a few words, as the help tells them.
pub(super) fn brief_exit_codes() -> String {
    let told = EXIT_CODES.map(|code| format!("{} {}", code.exit.code(), code.brief));
    format!("Exit codes: {}.", told.join(", "))
}
