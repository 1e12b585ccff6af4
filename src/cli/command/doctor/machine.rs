//! Checks of this machine for `doctor`: clock, state directory, open files.

use std::path::Path;

use crate::cli::open_files;
use crate::commerce::Reader;
use crate::reconcile::TargetLabel;
use crate::report::{Check, CheckState};
use crate::run::{Journal, JournalError};

/// Clock skew in seconds at which signed requests are at risk; the shop refuses more than 600.
const SKEW: i64 = 120;

/// Lifetime of a one-time code in seconds: with more clock skew the code differs.
const CODE: i64 = 30;

/// Upper bound in bytes on the state of a large run: pre-images and journal.
const SPACE: u64 = 64 * 1024 * 1024;

/// Compares this machine's clock with the last response. `before` holds the checks so far, which may have failed by it.
pub(crate) fn clock(reader: &Reader, before: &[Check]) -> Check {
    const NAME: &str = "clock";
    // The hints of a refused sign-in name the clock where it may be the reason.
    let is_blamed = before.iter().any(|check| {
        check.state == CheckState::Failed && check.hints.iter().any(|hint| hint.contains("clock"))
    });
    let (limit, state) = if is_blamed {
        (CODE, CheckState::Failed)
    } else {
        (SKEW, CheckState::Warning)
    };
    match reader.clock_skew() {
        None if before.iter().any(|check| check.state == CheckState::Failed) => Check::skipped(NAME),
        None => Check::warning(NAME, "the server sends no time"),
        Some(skew) if skew.abs() > limit => Check::new(NAME, state, off(skew))
            .hint("set this machine's clock: signed requests, one-time codes and certificates depend on it"),
        // The header that tells it counts in whole seconds.
        Some(skew) if skew.abs() <= 2 => Check::ok(NAME, "agrees with the server's"),
        Some(skew) => Check::ok(NAME, off(skew)),
    }
}

fn off(skew: i64) -> String {
    let side = if skew > 0 { "behind" } else { "ahead of" };
    format!("{} s {side} the server's", skew.abs())
}

/// Checks that a run can read and write its journal and its lock.
pub(crate) fn state_directory(state_dir: &Path, target: &TargetLabel) -> Check {
    const NAME: &str = "state directory";
    match Journal::try_out(state_dir, target) {
        Ok(Some(free)) if free < SPACE => {
            let detail = format!("{} has {} MiB free", state_dir.display(), free / 1024 / 1024);
            Check::warning(NAME, detail).hint("make room there, or name another directory by `--state-dir`")
        }
        Ok(_) => Check::ok(NAME, "can be written"),
        Err(error) => {
            let check = Check::new(NAME, CheckState::Failed, error.to_string());
            match error {
                JournalError::Io { .. } => check.hint(
                    "an apply keeps its journal and its lock there: make it writable, or name another by `--state-dir`",
                ),
                // What is wrong with a journal says itself what to do.
                _ => check,
            }
        }
    }
}

/// Checks the limit of open files and connections.
pub(crate) fn open_files() -> Check {
    const NAME: &str = "open files";
    let Some(limit) = open_files::limit().filter(|limit| *limit < open_files::LOW) else {
        return Check::ok(NAME, "as many as needed");
    };
    let detail = format!("no more than {limit} at once, for stocktake and the programs that it starts");
    Check::warning(NAME, detail).hint(format!(
        "allow more with `ulimit -n {}` or what sets the limit here, such as the container",
        open_files::LOW
    ))
}
