//! A plan as Markdown for the comment of a pull request: verdict first, destructive lines first, never too long.

mod escape;
mod page;
mod stock;

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::graph::{Graph, mermaid};
use super::verdict::{Standing, Verdict};
use super::words::{count, moment, parts};
use crate::reconcile::{Effect, GuardVerdict, Plan, PlanWarning, StockPlan};
use escape::code;
use page::Page;
use stock::write_stock;

/// The most UTF-16 units of a comment. GitHub refuses more than 65,536 characters; counted in UTF-16 there are at least
/// as many as in any other way.
pub const MARKDOWN_LIMIT: usize = 65_000;

/// More edges than a picture can show to be understood.
const PICTURED: usize = 60;

/// What may stand in the marker, which no name can end.
const MARKER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The plan as a comment. The first line is hidden and names the target, so that a bot finds its own comment.
pub fn markdown(plan: &Plan) -> String {
    let mut page = Page::new(MARKDOWN_LIMIT);
    page.must(&heading(plan));
    if !(plan.guards.is_empty() && plan.doubts.is_empty() && plan.warnings.is_empty()) {
        page.must("\n");
    }
    for verdict in &plan.guards {
        page.may("guard", &guard(verdict));
    }
    // With deletes the guard has told them.
    let told = plan.summary.deletes > 0;
    for doubt in plan.doubts.iter().filter(|_| !told) {
        page.may("doubt", &format!("- **Doubtful read:** {}\n", code(doubt)));
    }
    for warning in &plan.warnings {
        page.may("warning", &warned(warning));
    }
    for stock in destructive_first(plan) {
        write_stock(&mut page, stock, &plan.labels);
    }
    page.may("picture", &picture(plan));
    page.may("note", &rest(plan));
    page.end()
}

fn heading(plan: &Plan) -> String {
    let Verdict { standing, rest } = Verdict::of(plan);
    let icon = match standing {
        Standing::InSync => "✅",
        Standing::Unproven | Standing::Stale => "⚠️",
        Standing::Changes => "📋",
        Standing::Refused => "⛔",
    };
    let marker = utf8_percent_encode(&plan.target.name, MARKER);
    format!(
        "<!-- stocktake:plan target={marker} -->\n\n### Inventory plan for {}\n\n{icon} **{}:** {rest}\n",
        code(&plan.target.name),
        standing.words(),
    )
}

/// The stocks that have something to show, those that lose a source before the others.
fn destructive_first(plan: &Plan) -> impl Iterator<Item = &StockPlan> {
    let shown = |stock: &&StockPlan| !stock.in_sync() || !stock.blocked.is_empty();
    let of = move |deletes: bool| {
        plan.stocks
            .iter()
            .filter(shown)
            .filter(move |stock| (stock.deletes() > 0) == deletes)
    };
    of(true).chain(of(false))
}

fn guard(verdict: &GuardVerdict) -> String {
    let sentence = verdict.guard.sentence(code, code);
    let advice = match verdict.flag() {
        Some(flag) => format!("if that is meant: {}", code(&flag)),
        None => verdict.advice(),
    };
    match verdict.effect {
        Effect::Refused => format!("- ⛔ **Guard, refused:** {sentence}; {advice}\n"),
        Effect::Withheld => format!("- ⚠️ **Guard, deletes withheld:** {sentence}; {advice}\n"),
        Effect::Lifted => {
            let flag = code(&verdict.flag().unwrap_or_default());
            format!("- ⚠️ **Guard, allowed by {flag}:** {sentence}\n")
        }
    }
}

fn warned(warning: &PlanWarning) -> String {
    let place = warning.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!(", {}", code(&place.to_string())));
    format!(
        "- ⚠️ {} ({}{place})\n",
        code(&warning.message),
        code(&warning.rule)
    )
}

fn picture(plan: &Plan) -> String {
    let graph = Graph::of_changes(plan);
    let edges = graph.edges();
    if edges == 0 || edges > PICTURED {
        return String::new();
    }
    format!(
        "\n<details><summary>Picture of the changes</summary>\n\n```mermaid\n{}```\n\n</details>\n",
        mermaid(&graph)
    )
}

fn rest(plan: &Plan) -> String {
    let in_sync = if plan.in_sync() {
        0
    } else {
        plan.summary.in_sync_stocks
    };
    let others = parts(&[
        (in_sync, "in sync"),
        (plan.summary.unmanaged_stocks, "unmanaged and left alone"),
    ]);
    let mut out = String::new();
    if !others.is_empty() {
        let _ = writeln!(out, "\nOther stocks: {others}.");
    }
    let _ = writeln!(
        out,
        "\n<sub>stocktake {}, {}, {}</sub>",
        code(&plan.tool_version),
        code(&moment(&plan.created_at)),
        count(plan.inputs.len(), "input file"),
    );
    out
}
