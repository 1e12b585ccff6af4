//! A plan as text: stock by stock, deletes first, places before and after, and the verdict as the last line.

use std::fmt::Write as _;

use spanned_yaml::diag::{shown, visible};

use super::ranks::write_ranks;
use super::style::{CREATE, DELETE, FAINT, HEADING, MOVE};
use super::view::{PlanStatus, Planned, StockView, broken_ties, guard_advice, guard_label, scope_words};
use crate::reconcile::{Enforcement, GuardVerdict, Plan, PlanWarning};

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
    if let Some(scope) = scope_words(plan, |name| format!("`{}`", shown(name))) {
        let _ = writeln!(out, "{scope}");
    }
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
    write_ranks(out, stock);
    for tie in broken_ties(plan, shown) {
        let _ = writeln!(out, "  {FAINT}{tie}{FAINT:#}");
    }
    let _ = writeln!(out);
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
