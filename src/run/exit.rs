//! The exits of commands: one table behind exit codes, help and documentation.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// An exit code, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitCode {
    /// The code.
    pub exit: Exit,
    /// What it means, in a few words, for the help.
    pub brief: &'static str,
    /// What it means, as a sentence.
    pub meaning: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// Declares the exit codes, each with a few words, and what to do next; what one means is its doc comment.
macro_rules! exit_codes {
    ($(#[doc = $meaning:literal] $name:ident = $code:literal, $brief:literal, $next:literal;)+) => {
        /// How a command ended. Serialized as its exit code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Exit {
            $(#[doc = $meaning] $name = $code,)+
        }

        /// Every exit code.
        pub const EXIT_CODES: &[ExitCode] = &[$(ExitCode {
            exit: Exit::$name,
            brief: $brief,
            meaning: $meaning.trim_ascii(),
            next: $next,
        }),+];
    };
}

exit_codes! {
    /// Done; for `plan` also when there are changes, unless `--detailed-exitcode` is given.
    Done = 0, "done", "Nothing.";

    /// An error, or the state is unknown (`drift`, `plan --detailed-exitcode`), or the user declined; nothing was written.
    Error = 1, "error",
        "Read the error: it says where, what the shop answered, and what to try. `stocktake doctor` checks a target step \
         by step.";

    /// There are changes (`drift`, `plan --detailed-exitcode`, `fmt --check`).
    Changes = 2, "changes",
        "Look at them. `stocktake apply` brings the shop in line with the files, `stocktake export --update` the files \
         with the shop, `stocktake fmt` writes the canonical form. `drift` ends with this also where a guard would refuse \
         them.";

    /// Refused by a guard, `plan` too, also where only deletes are withheld; nothing was written.
    Refused = 3, "refused by a guard",
        "Check that the deletes are meant. If they are, lift that guard alone, with the `--allow` that the message names; \
         a protected stock is lifted in targets.yaml only.";

    /// The plan is stale, saved or not: something changed since it was made; nothing was written.
    Stale = 4, "stale",
        "Read what has changed, plan again, and have the new plan approved.";

    /// Partly applied: the report says what was done, what failed, what is unknown, what was not tried. Also when an apply could not print its report.
    Partial = 5, "partly applied",
        "Mend what the report names, then run `stocktake apply` again: it settles what is unknown by reading, and writes \
         only what is left.";

    /// Links applied, but the reindex or the proof did not succeed: it is owed.
    Owed = 6, "applied but reindex or proof owed",
        "Run `stocktake reindex`: it is remembered that one is owed. Where the shop's cron reindexes, wait for it: \
         `stocktake drift` then finds out that it has, and `stocktake reindex --done` says so without a look. Where the proof names links that somebody else changed, plan again.";

    /// Wrong usage.
    Usage = 64, "wrong usage",
        "Read the error and the `--help` of the command.";

    /// Interrupted by SIGINT: the requests in flight were finished, the report written; a second signal stops at once.
    Interrupted = 130, "interrupted (SIGINT)",
        "Run the command again: what was begun is in the journal and is settled first.";

    /// Ended by SIGTERM, likewise.
    Terminated = 143, "ended (SIGTERM)",
        "Run the command again, with more time.";
}

impl Exit {
    /// The worst of several: unfinished work beats a refusal, a refusal beats pending changes.
    pub fn worst(exits: impl IntoIterator<Item = Self>) -> Self {
        exits
            .into_iter()
            .max_by_key(|exit| exit.severity())
            .unwrap_or(Self::Done)
    }

    /// True if a signal ended the command.
    pub fn is_interrupt(self) -> bool {
        matches!(self, Self::Interrupted | Self::Terminated)
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

    /// The number that the operating system gets.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl Serialize for Exit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}

impl JsonSchema for Exit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        u8::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        u8::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_wins_in_any_order() {
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
