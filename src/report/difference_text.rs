//! Why a plan is stale, as text: the values in the plan and those of now.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use spanned_yaml::diag::{Place, shown, visible};

use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use super::view::guard_words;
use super::words::whole_second;
use crate::model::{SourceCode, StockName};
use crate::reconcile::{Change, GuardVerdict, MoveKind, StaleReason, StockKey, TargetLabel};

/// The shown characters of a digest, enough to distinguish two.
const DIGEST: usize = 12;

/// All reasons, one a line.
pub fn differences_text(differences: &[StaleReason]) -> String {
    let mut out = format!("{HEADING}No longer as planned:{HEADING:#}\n");
    for difference in differences {
        for line in lines(difference) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

fn lines(difference: &StaleReason) -> Vec<String> {
    let line = match difference {
        StaleReason::Changes { stock, was, now } => return changes(stock, was, now),
        StaleReason::Guards { was, now } => return guards(was, now),
        StaleReason::Target { was, now } => {
            format!("target: planned for {}, this is {}", target(was), target(now))
        }
        StaleReason::ToolVersion { was, now } => {
            let (was, now) = (shown(was), shown(now));
            format!("stocktake: planned by version {was}, this is {now}")
        }
        StaleReason::Expired { expired_at, now } => {
            let [end, now] = [expired_at, now].map(|time| shown(&whole_second(time)));
            format!("validity: it ended at {end}, now it is {now}")
        }
        StaleReason::File { path, was, now } => {
            format!("file {}: {}", shown(path), file(was.as_ref(), now.as_ref()))
        }
        StaleReason::Doubts { was, now } => format!("the read: {}, now {}", doubts(was), doubts(now)),
        StaleReason::Stock { was, now } => format!("stock: {}, now {}", key(was.as_ref()), key(now.as_ref())),
        StaleReason::Link {
            stock,
            source_code,
            was,
            now,
        } => link(stock, source_code, *was, *now),
        StaleReason::LinkRespelt { stock, was, now } => {
            let [stock, was, now] = [stock.as_str(), was.as_str(), now.as_str()].map(shown);
            format!("{stock}: {MOVE}~ link{MOVE:#}  {was}, now spelt {now}")
        }
        StaleReason::SourceSwitched { source_code, enabled } => {
            let state = if *enabled { "enabled" } else { "disabled" };
            format!("source {}: now {state}", shown(source_code.as_str()))
        }
        StaleReason::LiveFacts { was, now } => {
            format!("live facts: {}, now {}", digest(was), digest(now))
        }
        StaleReason::Contradiction { part } => {
            let part = shown(part);
            format!("`{part}` contradicts the rest of the plan; was it edited?")
        }
    };
    vec![line]
}

fn link(stock: &StockName, source: &SourceCode, was: Option<u16>, now: Option<u16>) -> String {
    let (stock, source) = (shown(stock.as_str()), shown(source.as_str()));
    match (was, now) {
        (Some(was), Some(now)) => {
            format!("{stock}: {MOVE}~ link{MOVE:#}  {source}  priority {was}, now {now}")
        }
        (Some(was), None) => format!("{stock}: {DELETE}- link{DELETE:#}  {source}  priority {was}, now gone"),
        (None, now) => format!(
            "{stock}: {CREATE}+ link{CREATE:#}  {source}  now there with priority {}",
            now.unwrap_or_default()
        ),
    }
}

/// The changes that are in only one of the two plans.
fn changes(stock: &StockName, was: &[Change], now: &[Change]) -> Vec<String> {
    let stock = shown(stock.as_str());
    let gone = change_lines(&missing_in(now, was));
    let new = change_lines(&missing_in(was, now));
    if gone.is_empty() && new.is_empty() {
        return vec![format!(
            "{stock}: the changes are in another order or at other places"
        )];
    }
    let gone = gone
        .iter()
        .map(|line| format!("{stock}: {FAINT}planned{FAINT:#} {line}"));
    let new = new
        .iter()
        .map(|line| format!("{stock}: {FAINT}now{FAINT:#}     {line}"));
    gone.chain(new).collect()
}

/// Each change in one line, the codes in a column.
fn change_lines(changes: &[Change]) -> Vec<String> {
    let code = |change: &Change| shown(change.source_code().as_str());
    let width = changes.iter().map(|change| code(change).chars().count()).max();
    let width = width.unwrap_or(0);
    let at = |place: &Place| format!("{FAINT}{}:{}{FAINT:#}", place.line, place.column);
    let line = |change: &Change| {
        let code = code(change);
        match change {
            Change::Delete { before, .. } => {
                format!("{DELETE}- delete{DELETE:#}   {code:<width$}  priority {before}")
            }
            Change::Create { priority, place, .. } => {
                let at = at(place);
                format!("{CREATE}+ create{CREATE:#}   {code:<width$}  priority {priority}  {at}")
            }
            Change::Move {
                before,
                after,
                kind,
                place,
                ..
            } => {
                let at = at(place);
                let kind = match kind {
                    MoveKind::Reorder => "~ reorder ",
                    MoveKind::Renumber => "  renumber",
                };
                format!("{MOVE}{kind}{MOVE:#} {code:<width$}  priority {before} → {after}  {at}")
            }
        }
    };
    changes.iter().map(line).collect()
}

/// The changes of the second list that are not in the first.
fn missing_in(first: &[Change], second: &[Change]) -> Vec<Change> {
    let first = first.iter().map(|change| (change.source_code(), change));
    let first: BTreeMap<&SourceCode, &Change> = first.collect();
    let missing = second
        .iter()
        .filter(|change| first.get(change.source_code()) != Some(change));
    missing.cloned().collect()
}

fn guards(was: &[GuardVerdict], now: &[GuardVerdict]) -> Vec<String> {
    let text = |verdict: &GuardVerdict| {
        let effect = guard_words(verdict.effect).label;
        format!("{effect}: {}", visible(&verdict.guard.to_string()))
    };
    let gone = was.iter().filter(|verdict| !now.contains(verdict));
    let new = now.iter().filter(|verdict| !was.contains(verdict));
    let gone = gone.map(|verdict| format!("guard: planned as {}", text(verdict)));
    gone.chain(new.map(|verdict| format!("guard: now {}", text(verdict))))
        .collect()
}

fn target(label: &TargetLabel) -> String {
    format!("{} {}", shown(&label.name), shown(&label.url))
}

fn file(was: Option<&String>, now: Option<&String>) -> String {
    match (was, now) {
        (Some(was), Some(now)) => format!("its content was {}, now it is {}", digest(was), digest(now)),
        (Some(_), None) => "the plan was made with it; name the same files with -f".to_owned(),
        (None, _) => "the plan was made without it; name the same files with -f".to_owned(),
    }
}

fn digest(text: &str) -> String {
    shown(&text.chars().take(DIGEST).collect::<String>())
}

fn doubts(doubts: &[String]) -> String {
    if doubts.is_empty() {
        return "complete".to_owned();
    }
    format!("perhaps incomplete ({})", visible(&doubts.join("; ")))
}

fn key(key: Option<&StockKey>) -> String {
    match key {
        Some(key) => format!("{} (stock {})", shown(key.name.as_str()), key.stock_id),
        None => "not owned".to_owned(),
    }
}
