//! The exit code is true.

use commerce_sandbox::Actor;
use serde_json::Value;

use super::{changed_stocks, results};
use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{index_is_fresh, table_of};
use crate::campaign::script::{Command, Interrupt};
use crate::campaign::workspace::Workspace;

/// Gives what is wrong with the exit code, and with what is told beside it.
pub fn check(played: &Played<'_>, workspace: &Workspace) -> Vec<String> {
    let Some(code) = played.ended.code else {
        return Vec::new();
    };
    let document = played.document.cloned().unwrap_or_default();
    let is_report = document.get("proof").is_some();
    let mut wrong = Vec::new();
    if !is_possible(played, code) {
        wrong.push(format!("exit {code} is none of {}", played.step.command.name()));
    }
    if played.step.command == Command::Plan {
        wrong.extend(plan_is_true(played, code));
    }
    if played.step.command == Command::Drift {
        wrong.extend(drift_is_true(played, code, workspace));
    }
    if !played.step.command.writes() {
        return wrong;
    }
    let silent = code == 130 || code == 143;
    let twice = played.ended.signals == 2;
    if matches!(code, 1..=4 | 64) || (silent && !is_report && !twice) {
        wrong.extend(nothing_was_written(played));
    }
    if is_report {
        wrong.extend(results::check(played, &document));
        let all_done = results::all(&document, "done");
        match code {
            0 if !all_done => wrong.push("exit 0, and not all is done".to_owned()),
            5 if all_done => wrong.push("exit 5, and all is done".to_owned()),
            6 if !all_done => wrong.push("exit 6, and not all is done".to_owned()),
            _ => {}
        }
        wrong.extend(proof_is_true(played, &document));
    } else if matches!(code, 0 | 5 | 6) {
        wrong.push(format!("exit {code} without a report"));
    }
    if code == 0 && document["proof"]["state"] != "converged" {
        wrong.push("exit 0 without a proof".to_owned());
    }
    wrong
}

fn is_possible(played: &Played<'_>, code: i32) -> bool {
    let signalled = match played.step.interrupt {
        Interrupt::Signal(signal) => code == signal.exit(),
        Interrupt::TwoSignals => code == 130 || code == 143,
        Interrupt::None | Interrupt::Kill { .. } => false,
    };
    let of_command: &[i32] = match played.step.command {
        Command::Plan => &[0, 1, 2, 3],
        // The plan may not have been saved.
        Command::Apply if played.step.applies_a_saved_plan() => &[0, 1, 3, 4, 5, 6, 64],
        Command::Apply | Command::Rollback => &[0, 1, 3, 4, 5, 6],
        Command::Reindex => &[0, 1, 6],
        Command::Status => &[0, 1],
        Command::Drift => &[0, 1, 2],
    };
    of_command.contains(&code) || (signalled && played.ended.signals > 0)
}

/// After such an exit code nothing may have been written, nor come late.
fn nothing_was_written(played: &Played<'_>) -> Option<String> {
    let written =
        |logged: &&commerce_sandbox::Logged| logged.committed || logged.faults.contains(&"late_commit");
    let logged = played.own_writes().find(written)?;
    Some(format!(
        "exit {:?} says that nothing was written, #{} was",
        played.ended.code, logged.order
    ))
}

/// A plan is empty when the links are as wanted, and only then; while somebody else writes, either may be true.
fn plan_is_true(played: &Played<'_>, code: i32) -> Option<String> {
    let plan = played.plan()?;
    if code == 1 || played.others().next().is_some() {
        return None;
    }
    let stocks = plan["stocks"].as_array()?;
    let changes = stocks.iter().filter_map(|stock| stock["changes"].as_array());
    let empty = changes.map(Vec::len).sum::<usize>() == 0;
    (empty != played.is_converged(played.before)).then(|| format!("the plan is empty: {empty}; it lies"))
}

/// Drift is exactly what the tables show, the index of the owned stocks included where that is asked for.
fn drift_is_true(played: &Played<'_>, code: i32, workspace: &Workspace) -> Option<String> {
    let operated = played.log.iter().any(|logged| logged.actor == Actor::Operator);
    if !matches!(code, 0 | 2) || operated || played.others().next().is_some() {
        return None;
    }
    let fresh = !played.step.proves_the_index() || index_is_fresh(&workspace.shop, played.world.stocks());
    let in_sync = played.is_converged(played.before) && fresh;
    (in_sync != (code == 0)).then(|| format!("drift ends with {code}, and the tables say otherwise"))
}

/// A proof that says converged saw the changed stocks as wanted: at some moment from the first read after the last write on
/// they were. The other owned stocks were so at some moment since the first read of the command.
fn proof_is_true(played: &Played<'_>, document: &Value) -> Option<String> {
    if document["proof"]["state"] != "converged" {
        return None;
    }
    let sent = played
        .own_writes()
        .filter(|logged| !logged.faults.contains(&"committed_late"));
    let written = sent.map(|logged| logged.order).max().unwrap_or(0);
    let changed = changed_stocks(&document["plan"]);
    for (after, is_changed) in [(written, true), (0, false)] {
        let mut own = played
            .own()
            .filter(|logged| logged.order > after && logged.order <= played.ended_at);
        let read = own.find(|logged| logged.method == "GET" && logged.path.ends_with("/stock-source-links"));
        let Some(read) = read.map(|logged| logged.order) else {
            return Some("a proof without a read".to_owned());
        };
        let at_read = table_of(played.before, played.log, read);
        let later = played.moments().filter(|(logged, _)| logged.order > read);
        let mut states = std::iter::once(at_read).chain(later.map(|(_, table)| table));
        let counts = |stock: i64| changed.contains(&stock) == is_changed;
        if !states.any(|table| played.are_converged(counts, &table)) {
            return Some("the proof says converged, and the links never were during it".to_owned());
        }
    }
    None
}
