//! The report of an apply as text, the verdict last.

use std::fmt::Write as _;

use spanned_yaml::diag::{joined, shown, visible};

use super::apply::ApplyReport;
use super::index::index_text;
use super::plan_text::plan_text;
use super::proof::ProofReport;
use super::reindex::{ReindexReport, write_reindex};
use super::style::{CREATE, DELETE, HEADING, MOVE};
use super::unfinished::unfinished_text;
use super::view::order_counts;
use super::words::parts;
use crate::reconcile::Summary;
use crate::run::{ChangeResult, Exit, ExternalChange, ReindexBy, RenamedStock};

/// The report as text, without the plan, which was shown before.
pub fn apply_text(report: &ApplyReport) -> String {
    let mut out = String::new();
    write_links(&mut out, report);
    write_stop(&mut out, report);
    write_proof(&mut out, report);
    write_renamed(&mut out, &report.renamed);
    write_reindex(&mut out, &report.reindex, report.reindex_by);
    if let Some(index) = &report.index {
        out.push_str(&index_text(index));
    }
    let _ = writeln!(out, "{}", verdict(report));
    out
}

fn write_links(out: &mut String, report: &ApplyReport) {
    let number = |wanted| {
        let changes = report.stocks.iter().flat_map(|stock| &stock.changes);
        changes.map(|change| u32::from(change.result == wanted)).sum()
    };
    let counts = parts(&[
        (number(ChangeResult::Done), "done"),
        (number(ChangeResult::Failed), "failed"),
        (number(ChangeResult::Unknown), "unknown"),
        (number(ChangeResult::NotTried), "not tried"),
    ]);
    let changes = || report.stocks.iter().flat_map(|stock| &stock.changes);
    if changes().any(|change| change.result != ChangeResult::Done) {
        let _ = writeln!(out, "Links:   {counts}");
    } else if !counts.is_empty() {
        let _ = writeln!(out, "Links:   {counts}: {}", done_counts(&report.plan.summary));
    }
    for stock in &report.stocks {
        out.push_str(&unfinished_text(stock));
    }
}

/// All changes of a plan, done, such as `1 deleted, 1 source reordered (2 priorities renumbered)`.
fn done_counts(summary: &Summary) -> String {
    let counts = summary.counts();
    let links = parts(&[(counts.deletes, "deleted"), (counts.creates, "created")]);
    let all = [links, order_counts(counts)];
    joined(all.iter().filter(|words| !words.is_empty()), ", ")
}

fn write_stop(out: &mut String, report: &ApplyReport) {
    let (word, cause) = match (&report.stopped_by, &report.refusal) {
        (Some(cause), _) => ("Stopped", cause),
        (None, Some(refusal)) => ("Refused", refusal),
        (None, None) => return,
    };
    let _ = writeln!(out, "{word}: {DELETE}{}{DELETE:#}", visible(cause));
    for hint in &report.hints {
        let _ = writeln!(out, "         {CREATE}help:{CREATE:#} {}", visible(hint));
    }
}

fn write_proof(out: &mut String, report: &ApplyReport) {
    let stocks = match (report.plan.in_sync(), &report.plan.scope) {
        (false, _) => "changed",
        (true, None) => "owned",
        (true, Some(_)) => "compared",
    };
    let _ = match &report.proof {
        ProofReport::Converged if report.plan.stocks.is_empty() && report.plan.scope.is_some() => {
            writeln!(out, "Proof:   none, since no stock was compared")
        }
        ProofReport::Converged => writeln!(out, "Proof:   every link of every {stocks} stock is as wanted"),
        ProofReport::Left {
            plan,
            changed_by_others,
            not_arrived,
        } => {
            let left = plan_text(plan);
            let _ = writeln!(
                out,
                "Proof:   {DELETE}not as wanted{DELETE:#}, this is left:\n\n{left}"
            );
            write_differing(out, not_arrived, &NOT_ARRIVED);
            return write_differing(out, changed_by_others, &CHANGED_BY_OTHERS);
        }
        ProofReport::Incomplete { doubts } => {
            let doubts = doubts.join("; ");
            let doubts = visible(&doubts);
            writeln!(
                out,
                "Proof:   {DELETE}unknown{DELETE:#}: nothing differs in what was read, but {doubts}"
            )
        }
        ProofReport::Unknown { message } => {
            writeln!(out, "Proof:   {DELETE}unknown{DELETE:#}: {}", visible(message))
        }
    };
}

/// The words around a list of links that differ: before it, the one that matters, behind that, and the help below.
type Around = [&'static str; 4];

const CHANGED_BY_OTHERS: Around = [
    "Others: ",
    "changed by somebody else",
    " while this run was at work:",
    "find out who else writes to the shop, look at a new plan and apply again",
];

const NOT_ARRIVED: Around = [
    "Reads:  ",
    "not arrived",
    ": the shop confirmed these writes, and reads still show what stood before:",
    "look at a new plan later; where reads come from a replica that lags for longer, raise connection.consistency_wait",
];

fn write_differing(out: &mut String, changes: &[ExternalChange], [lead, what, rest, help]: &Around) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(out, "{lead} {DELETE}{what}{DELETE:#}{rest}");
    let shown_priority = |priority: Option<u16>| match priority {
        Some(priority) => format!("priority {priority}"),
        None => "no link".to_owned(),
    };
    for change in changes {
        let _ = writeln!(
            out,
            "         {} in {}: left with {}, found with {}",
            shown(change.source_code.as_str()),
            shown(change.stock.as_str()),
            shown_priority(change.left),
            shown_priority(change.found),
        );
    }
    let _ = writeln!(out, "         {CREATE}help:{CREATE:#} {help}");
}

fn write_renamed(out: &mut String, renamed: &[RenamedStock]) {
    for stock in renamed {
        let (name, now) = (shown(stock.name.as_str()), shown(stock.now.as_str()));
        let _ = writeln!(
            out,
            "Renamed: {MOVE}{name} is called {now} now{MOVE:#}; it was proven by its id. The files still name it {name}"
        );
    }
}

fn verdict(report: &ApplyReport) -> String {
    match report.exit_code {
        Exit::Done if report.stocks.is_empty() => match report.reindex {
            ReindexReport::Done { .. } => format!("{CREATE}Reindexed.{CREATE:#} No link had to change."),
            _ => format!("{CREATE}Nothing to apply.{CREATE:#}"),
        },
        Exit::Done => format!("{CREATE}Applied.{CREATE:#}"),
        // After an incomplete read there is no pre-image for a rollback.
        Exit::Partial if report.plan.doubts.is_empty() => format!(
            "{DELETE}Partly applied.{DELETE:#} Plan again and apply what is left, or go back by `stocktake rollback`."
        ),
        Exit::Partial => format!("{DELETE}Partly applied.{DELETE:#} Plan again and apply what is left."),
        Exit::Owed if matches!(report.proof, ProofReport::Incomplete { .. }) => format!(
            "{DELETE}Not proven.{DELETE:#} Run `stocktake apply` again when the shop can be read completely."
        ),
        Exit::Owed if report.reindex_by == ReindexBy::Cron => {
            // Links that others have changed do not wait for cron.
            let when = match report.proof {
                ProofReport::Converged => " when the shop's cron has run",
                _ => "",
            };
            format!("{DELETE}Links applied, but not proven.{DELETE:#} Run `stocktake apply` again{when}.")
        }
        Exit::Owed => format!(
            "{DELETE}Links applied, but not proven.{DELETE:#} Run `stocktake apply` or `stocktake reindex` again."
        ),
        exit if exit.is_interrupt() => format!(
            "{DELETE}Interrupted.{DELETE:#} Run the command again: it goes on where this one stopped."
        ),
        _ => format!("{HEADING}Nothing was written.{HEADING:#}"),
    }
}
