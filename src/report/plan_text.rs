//! A plan as text: by stock, destructive lines first, ranks before and after, one line of verdict at the end.

use std::fmt::Write as _;

use spanned_yaml::diag::{Place, shown, visible};

use super::ranks::write_ranks;
use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use super::verdict::{PlanStatus, Verdict, stock_verdict};
use super::words::parts;
use crate::reconcile::{Change, Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan};

/// The whole plan. Styles are always in it; who prints it takes them out where they do not belong.
pub fn plan_text(plan: &Plan) -> String {
    let mut out = String::new();
    write_heading(&mut out, plan);
    for stock in plan
        .stocks
        .iter()
        .filter(|stock| !stock.in_sync() || !stock.blocked.is_empty())
    {
        write_stock(&mut out, stock);
    }
    write_rest(&mut out, plan);
    for verdict in &plan.guards {
        write_guard(&mut out, verdict);
    }
    let _ = writeln!(out, "{}", verdict(plan));
    out
}

/// What the plan comes to, in one line.
pub fn verdict(plan: &Plan) -> String {
    let Verdict { status, rest } = Verdict::of(plan);
    let style = match status {
        PlanStatus::InSync => CREATE,
        PlanStatus::Refused | PlanStatus::Stale => DELETE,
        PlanStatus::Unknown => MOVE,
        PlanStatus::Changes => HEADING,
    };
    format!("{style}{}:{style:#} {rest}", status.words())
}

/// A warning of a plan, in one line.
pub fn warning_text(warning: &PlanWarning) -> String {
    let place = match &warning.place {
        Some(place) => format!("  {FAINT}{}{FAINT:#}", shown(&place.to_string())),
        None => String::new(),
    };
    format!(
        "{MOVE}warning[{}]:{MOVE:#} {}{place}",
        shown(&warning.rule),
        visible(&warning.message)
    )
}

fn write_heading(out: &mut String, plan: &Plan) {
    let name = shown(&plan.target.name);
    let _ = writeln!(
        out,
        "{HEADING}{name}{HEADING:#} {FAINT}{}{FAINT:#}",
        shown(&plan.target.url)
    );
    for doubt in &plan.doubts {
        let _ = writeln!(out, "{MOVE}doubtful read:{MOVE:#} {}", visible(doubt));
    }
    let _ = writeln!(out);
}

fn write_stock(out: &mut String, stock: &StockPlan) {
    let changes = stock_verdict(stock);
    let name = shown(stock.name.as_str());
    let _ = writeln!(
        out,
        "{HEADING}{name}{HEADING:#} (stock {}): {changes}  {FAINT}{}{FAINT:#}",
        stock.stock_id,
        shown(&stock.place.to_string())
    );
    for line in change_lines(&stock.changes) {
        let _ = writeln!(out, "  {line}");
    }
    for link in &stock.blocked {
        let code = shown(link.source_code.as_str());
        let _ = writeln!(out, "  {MOVE}! blocked{MOVE:#} {code}: {}", visible(&link.reason));
    }
    if !stock.in_sync() {
        let _ = writeln!(out, "  {FAINT}ranks:{FAINT:#}");
        write_ranks(out, stock);
    }
    let _ = writeln!(out);
}

/// Each change in one line, the codes in a column.
pub(super) fn change_lines(changes: &[Change]) -> Vec<String> {
    let code = |change: &Change| shown(change.source_code().as_str());
    let width = changes.iter().map(|change| code(change).chars().count()).max();
    let width = width.unwrap_or(0);
    let at = |place: &Place| format!("{FAINT}{}:{}{FAINT:#}", place.line, place.column);
    let line = |change: &Change| {
        let code = code(change);
        match change {
            Change::Delete { before, .. } => {
                format!("{DELETE}- delete{DELETE:#} {code:<width$}  priority {before}")
            }
            Change::Create { priority, place, .. } => {
                let at = at(place);
                format!("{CREATE}+ create{CREATE:#} {code:<width$}  priority {priority}  {at}")
            }
            Change::Move {
                before, after, place, ..
            } => {
                let at = at(place);
                format!("{MOVE}~ move{MOVE:#}   {code:<width$}  priority {before} → {after}  {at}")
            }
        }
    };
    changes.iter().map(line).collect()
}

fn write_rest(out: &mut String, plan: &Plan) {
    let rest = parts(&[
        (
            if plan.in_sync() {
                0
            } else {
                plan.summary.in_sync_stocks
            },
            "in sync",
        ),
        (plan.summary.unmanaged_stocks, "unmanaged and left alone"),
    ]);
    if !rest.is_empty() {
        let _ = writeln!(out, "{FAINT}Other stocks: {rest}.{FAINT:#}");
    }
}

fn write_guard(out: &mut String, verdict: &GuardVerdict) {
    let guard = verdict.guard.to_string();
    let (guard, advice) = (visible(&guard), verdict.advice());
    let advice = visible(&advice);
    let _ = match verdict.effect {
        Enforcement::Refused => writeln!(out, "{DELETE}guard: refused:{DELETE:#} {guard}; {advice}"),
        Enforcement::Withheld => writeln!(out, "{MOVE}guard: deletes withheld:{MOVE:#} {guard}; {advice}"),
        Enforcement::Lifted => {
            let flag = verdict.flag().unwrap_or_default();
            writeln!(out, "{MOVE}guard: allowed by {}:{MOVE:#} {guard}", visible(&flag))
        }
    };
}
