//! A plan as Markdown for the comment of a pull request: verdict first, destructive lines first, never too long.

mod escape;
mod page;
mod several;
mod stock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::graph::{Graph, mermaid};
use super::verdict::{PlanStatus, Verdict};
use super::words::{count, moment, parts};
use crate::reconcile::{Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan, digest_hex};
use escape::code;
use page::Page;
pub use several::markdown_of;
use stock::write_stock;

/// The most UTF-16 units of a comment. GitHub refuses more than 65,536 characters; counted in UTF-16 there are at least
/// as many as in any other way.
pub const MARKDOWN_LIMIT: usize = 65_000;

/// More edges than a picture can show to be understood.
const PICTURED: usize = 60;

/// What may stand in the marker, which no name can end.
const MARKER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The most bytes of targets' names in a marker; more are told by their digest.
const LONGEST_MARKER: usize = 2_000;

/// The plan as a comment. The first line is hidden and names the target, so that a bot finds its own comment.
pub fn markdown(plan: &Plan) -> String {
    let mut page = Page::new(MARKDOWN_LIMIT);
    let name = &plan.target.name;
    page.must(&heading(&[name], &code(name)));
    page.must(&verdict(plan));
    write_plan(&mut page, plan);
    page.may("note", &(others(plan) + &footer(plan)));
    page.end()
}

/// What the plan has to say below its verdict, as far as it fits.
fn write_plan(page: &mut Page, plan: &Plan) {
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
        write_stock(page, stock, &plan.labels);
    }
    page.may("picture", &picture(plan));
}

/// The marker by which a bot finds the comment of these targets again, and what stands above it all.
fn heading(targets: &[&str], of: &str) -> String {
    let marked: Vec<String> = targets
        .iter()
        .map(|target| utf8_percent_encode(target, MARKER).to_string())
        .collect();
    let mut marked = marked.join(",");
    if marked.len() > LONGEST_MARKER {
        marked = digest_hex(marked.as_bytes());
    }
    format!("<!-- stocktake:plan target={marked} -->\n\n### Inventory plan for {of}\n\n")
}

/// What the plan comes to, in one line.
fn verdict(plan: &Plan) -> String {
    let Verdict { status, rest } = Verdict::of(plan);
    let icon = match status {
        PlanStatus::InSync => "✅",
        PlanStatus::Unknown | PlanStatus::Stale => "⚠️",
        PlanStatus::Changes => "📋",
        PlanStatus::Refused => "⛔",
    };
    format!("{icon} **{}:** {rest}\n", status.words())
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
        Some(flag) if verdict.effect == Effect::Withheld => format!("if they are meant: {}", code(&flag)),
        Some(flag) => format!("if that is meant: {}", code(&flag)),
        None => verdict.advice(),
    };
    match verdict.effect {
        Enforcement::Refused => format!("- ⛔ **Guard, refused:** {sentence}; {advice}\n"),
        Enforcement::Withheld => format!("- ⚠️ **Guard, deletes withheld:** {sentence}; {advice}\n"),
        Enforcement::Lifted => {
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

fn others(plan: &Plan) -> String {
    let in_sync = if plan.in_sync() {
        0
    } else {
        plan.summary.in_sync_stocks
    };
    let others = parts(&[
        (in_sync, "in sync"),
        (plan.summary.unmanaged_stocks, "unmanaged and left alone"),
    ]);
    if others.is_empty() {
        return others;
    }
    format!("\nOther stocks: {others}.\n")
}

fn footer(plan: &Plan) -> String {
    format!(
        "\n<sub>stocktake {}, {}, {}</sub>\n",
        code(&plan.tool_version),
        code(&moment(&plan.created_at)),
        count(plan.inputs.len(), "input file"),
    )
}
