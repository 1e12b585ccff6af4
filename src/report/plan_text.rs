//! A plan as text: stock by stock, deletes first, ranks before and after, and the verdict as the last line.

use std::fmt::Write as _;

use spanned_yaml::diag::{Place, shown, visible};

use super::ranks::write_ranks;
use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use super::view::{PlanStatus, Planned, StockView, guard_advice, guard_label};
use crate::reconcile::{Change, Enforcement, GuardVerdict, Plan, PlanWarning};

/// The plan as text, always with styles; the printer removes them where they do not belong.
pub fn plan_text(plan: &Plan) -> String {
    let planned = Planned::from(plan);
    let mut out = String::new();
    write_heading(&mut out, plan);
    for stock in planned.notable() {
        write_stock(&mut out, stock);
    }
    if !planned.others.is_empty() {
        let _ = writeln!(out, "{FAINT}Other stocks: {}.{FAINT:#}", planned.others);
    }
    for guard in &plan.guards {
        write_guard(&mut out, guard);
    }
    let Planned { status, summary, .. } = &planned;
    let style = match status {
        PlanStatus::InSync => CREATE,
        PlanStatus::Refused | PlanStatus::Stale => DELETE,
        PlanStatus::Unknown => MOVE,
        PlanStatus::Changes => HEADING,
    };
    let _ = writeln!(out, "{style}{}:{style:#} {summary}", status.words());
    out
}

/// A warning of a plan, in one line.
pub fn warning_text(warning: &PlanWarning) -> String {
    let place = match &warning.place {
        Some(place) => format!("  {FAINT}{}{FAINT:#}", shown(&place.to_string())),
        None => String::new(),
    };
    let (rule, message) = (shown(&warning.rule), visible(&warning.message));
    format!("{MOVE}warning[{rule}]:{MOVE:#} {message}{place}")
}

fn write_heading(out: &mut String, plan: &Plan) {
    let (name, url) = (shown(&plan.target.name), shown(&plan.target.url));
    let _ = writeln!(out, "{HEADING}{name}{HEADING:#} {FAINT}{url}{FAINT:#}");
    for reason in &plan.doubts {
        let reason = visible(reason);
        let _ = writeln!(out, "{MOVE}the read may be incomplete:{MOVE:#} {reason}");
    }
    let _ = writeln!(out);
}

fn write_stock(out: &mut String, stock: &StockView<'_>) {
    let StockView { plan, .. } = stock;
    let (name, id, summary) = (shown(plan.name.as_str()), plan.stock_id, stock.summary());
    let place = shown(&plan.place.to_string());
    let _ = writeln!(
        out,
        "{HEADING}{name}{HEADING:#} (stock {id}): {summary}  {FAINT}{place}{FAINT:#}"
    );
    for line in change_lines(&plan.changes) {
        let _ = writeln!(out, "  {line}");
    }
    for link in &plan.blocked {
        let code = shown(link.source_code.as_str());
        let _ = writeln!(out, "  {MOVE}! blocked{MOVE:#} {code}: {}", visible(&link.reason));
    }
    if !plan.in_sync() {
        let _ = writeln!(out, "  {FAINT}ranks:{FAINT:#}");
        write_ranks(out, plan);
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

fn write_guard(out: &mut String, verdict: &GuardVerdict) {
    let style = match verdict.effect {
        Enforcement::Refused => DELETE,
        Enforcement::Withheld | Enforcement::Lifted => MOVE,
    };
    let plain = |text: &str| visible(text).into_owned();
    let advice = guard_advice(verdict, plain).map_or_else(String::new, |advice| format!("; {advice}"));
    let (label, guard) = (guard_label(verdict, plain), plain(&verdict.guard.to_string()));
    let _ = writeln!(out, "{style}guard: {label}:{style:#} {guard}{advice}");
}
