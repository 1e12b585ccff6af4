//! The command `indexer:set-mode`: update on save, or by schedule.

use std::fmt::Write as _;

use super::output::Output;
use super::selected;
use crate::database::store::Store;
use crate::index::indexer;

/// Sets the mode of the named indexers, `realtime` or `schedule`. Their state does not change.
pub fn set_mode(store: &mut Store, arguments: &[String]) -> Output {
    let (scheduled, ids) = match arguments.split_first() {
        Some((mode, ids)) if mode == "schedule" => (true, ids),
        Some((mode, ids)) if mode == "realtime" => (false, ids),
        _ => return Output::failure("Accepted values for mode are \"realtime\" or \"schedule\".\n"),
    };
    let chosen = match selected::indexers(store, ids) {
        Ok(chosen) => chosen,
        Err(refusal) => return refusal,
    };
    let mut stdout = String::new();
    for declared in chosen {
        let entry = indexer::entry(store, declared.id);
        // A String takes every write.
        let _ = if entry.scheduled == scheduled {
            writeln!(
                stdout,
                "Index mode for Indexer {} has not been changed",
                declared.title
            )
        } else {
            entry.scheduled = scheduled;
            entry.backlog = 0;
            entry.looked = scheduled.then(now);
            let (before, after) = (describe(!scheduled), describe(scheduled));
            writeln!(
                stdout,
                "Index mode for Indexer {} was changed from '{before}' to '{after}'",
                declared.title
            )
        };
    }
    Output::success(stdout)
}

/// Gives the time as the shop prints it.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn describe(scheduled: bool) -> &'static str {
    if scheduled {
        "Update by Schedule"
    } else {
        "Update on Save"
    }
}
