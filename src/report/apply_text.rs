//! What came of an apply as text, one line a matter, the verdict last.

use std::fmt::Write as _;

use super::apply::{ApplyReport, ProofReport, ReindexReport};
use super::index::index_text;
use super::plan_text::plan_text;
use super::style::{CREATE, DELETE, HEADING, MOVE};
use super::words::parts;
use crate::diag::visible;
use crate::engine::{ChangeResult, StepReport};

/// The outcome; the plan itself was shown before.
pub fn apply_text(report: &ApplyReport) -> String {
    let mut out = String::new();
    write_links(&mut out, report);
    write_stop(&mut out, report);
    write_proof(&mut out, &report.proof);
    write_reindex(&mut out, &report.reindex);
    if let Some(index) = &report.index {
        out.push_str(&index_text(index));
    }
    let _ = writeln!(out, "{}", verdict(report));
    out
}

fn write_links(out: &mut String, report: &ApplyReport) {
    let results = || {
        report
            .stocks
            .iter()
            .flat_map(|stock| &stock.changes)
            .map(|change| change.result)
    };
    let number =
        |wanted| u32::try_from(results().filter(|result| *result == wanted).count()).unwrap_or(u32::MAX);
    let told = parts(&[
        (number(ChangeResult::Done), "done"),
        (number(ChangeResult::Failed), "failed"),
        (number(ChangeResult::Unknown), "unknown"),
        (number(ChangeResult::NotTried), "not tried"),
    ]);
    if !told.is_empty() {
        let _ = writeln!(out, "Links:   {told}");
    }
    for stock in &report.stocks {
        for change in stock
            .changes
            .iter()
            .filter(|change| change.result != ChangeResult::Done)
        {
            let result = match change.result {
                ChangeResult::Done => continue,
                ChangeResult::Failed => "failed",
                ChangeResult::Unknown => "unknown",
                ChangeResult::NotTried => "not tried",
            };
            let code = crate::diag::shown(change.change.source_code().as_str());
            let _ = writeln!(
                out,
                "         {MOVE}{result}{MOVE:#}: {code} in {}",
                crate::diag::shown(&stock.name)
            );
        }
    }
}

fn write_stop(out: &mut String, report: &ApplyReport) {
    let Some(cause) = &report.stopped_by else { return };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "Stopped: {DELETE}{}{DELETE:#}", visible(cause));
    for hint in &report.hints {
        let _ = writeln!(out, "         {CREATE}help:{CREATE:#} {}", visible(hint));
    }
}

fn write_proof(out: &mut String, proof: &ProofReport) {
    let _ = match proof {
        ProofReport::Converged => writeln!(out, "Proof:   every link of every owned stock is as wanted"),
        ProofReport::Left { plan } => {
            writeln!(
                out,
                "Proof:   {DELETE}not as wanted{DELETE:#}, this is left:\n\n{}",
                plan_text(plan)
            )
        }
        ProofReport::Unknown { message } => {
            writeln!(out, "Proof:   {DELETE}unknown{DELETE:#}: {}", visible(message))
        }
    };
}

fn write_reindex(out: &mut String, reindex: &ReindexReport) {
    let _ = match reindex {
        ReindexReport::NotNeeded => writeln!(out, "Reindex: not needed"),
        ReindexReport::Done { steps } => writeln!(out, "Reindex: done, {}", milliseconds(steps)),
        ReindexReport::LeftToCron => {
            writeln!(
                out,
                "Reindex: {MOVE}left to the shop's cron{MOVE:#}; quantities are stale until it has run"
            )
        }
        ReindexReport::Declared => writeln!(out, "Reindex: taken as done by the shop, none is owed any more"),
        ReindexReport::NotTried => {
            writeln!(
                out,
                "Reindex: {MOVE}not tried, owed{MOVE:#}; the next apply or `stocktake reindex` runs it"
            )
        }
        ReindexReport::Failed { steps } => {
            let failed = steps
                .iter()
                .find_map(|step| step.failure.as_ref().map(|failure| (&step.step, failure)));
            let told = failed
                .map(|(step, failure)| format!("`{step}`: {failure}"))
                .unwrap_or_default();
            writeln!(out, "Reindex: {DELETE}failed, owed{DELETE:#}: {}", visible(&told))
        }
    };
}

/// What came of a reindex by itself.
pub fn reindex_text(report: &ReindexReport) -> String {
    let mut out = String::new();
    match report {
        ReindexReport::NotNeeded => out.push_str("Reindex: none is owed; --force runs it all the same\n"),
        other => write_reindex(&mut out, other),
    }
    out
}

fn milliseconds(steps: &[StepReport]) -> String {
    let total: u64 = steps.iter().map(|step| step.milliseconds).sum();
    let noun = if steps.len() == 1 { "step" } else { "steps" };
    format!(
        "{} {noun} in {}.{:01} s",
        steps.len(),
        total / 1000,
        total % 1000 / 100
    )
}

fn verdict(report: &ApplyReport) -> String {
    match report.exit_code {
        0 if report.stocks.is_empty() => format!("{CREATE}Nothing to apply.{CREATE:#}"),
        0 => format!("{CREATE}Applied.{CREATE:#}"),
        5 => format!("{DELETE}Partly applied.{DELETE:#} Plan again and apply what is left."),
        6 => format!(
            "{DELETE}Links applied, but not proven.{DELETE:#} Run `stocktake apply` or `stocktake reindex` again."
        ),
        130 | 143 => format!(
            "{DELETE}Interrupted.{DELETE:#} Run the command again: it goes on where this one stopped."
        ),
        _ => format!("{HEADING}Nothing was written.{HEADING:#}"),
    }
}
