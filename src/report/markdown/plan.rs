//! One plan in a comment: its verdict, guards, signs of an incomplete read, warnings, stocks and picture.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use spanned_yaml::diag::joined;

use super::escape::code;
use super::page::Page;
use super::stock::StockSection;
use crate::reconcile::{Enforcement, GuardVerdict, Plan, PlanWarning, digest_hex};
use crate::report::graph::{Graph, mermaid};
use crate::report::view::{PlanStatus, Planned, StockView, guard_advice, guard_label};
use crate::report::words::{count, moment};

/// A picture with more edges is too dense to read.
const PICTURED: usize = 60;

/// The characters that stay as they are in the marker. None of them can end it.
const MARKER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The most bytes of target names in a marker; a digest stands for a longer list.
const LONGEST_MARKER: usize = 2_000;

/// The marker by which a bot finds the comment of these targets again, and the heading.
pub(super) fn heading(targets: &[&str], of: &str) -> String {
    let marked = targets.iter().map(|target| utf8_percent_encode(target, MARKER));
    let mut marked = joined(marked, ",");
    if marked.len() > LONGEST_MARKER {
        marked = digest_hex(marked.as_bytes());
    }
    format!("<!-- stocktake:plan target={marked} -->\n\n### Inventory plan for {of}\n\n")
}

/// The verdict in one line.
pub(super) fn verdict(planned: &Planned<'_>) -> String {
    let icon = match planned.status {
        PlanStatus::InSync => "✅",
        PlanStatus::Unknown | PlanStatus::Stale => "⚠️",
        PlanStatus::Changes => "📋",
        PlanStatus::Refused => "⛔",
    };
    format!(
        "{icon} **{}:** {}\n",
        planned.status.words(),
        planned.sentences_with(code)
    )
}

/// Everything below the verdict, as far as it fits.
pub(super) fn write_plan(page: &mut Page, planned: &Planned<'_>) {
    let plan = planned.plan;
    if planned.has_notes() {
        page.must("\n");
    }
    for guard in &plan.guards {
        page.may("guard", &guard_line(guard));
    }
    // A plan with deletes meets a guard that names the reasons.
    if plan.summary.deletes == 0 {
        for reason in &plan.doubts {
            let line = format!("- **The read may be incomplete:** {}\n", code(reason));
            page.may("doubt", &line);
        }
    }
    for warning in planned.warnings.iter() {
        page.may("warning", &warning_line(warning));
    }
    let sections: Vec<StockSection<'_>> = deletes_first(planned).map(StockSection::new).collect();
    let needs: Vec<usize> = sections
        .iter()
        .map(|section| section.first_units(&plan.labels))
        .collect();
    let mut reserved: usize = needs.iter().sum();
    for (section, need) in sections.iter().zip(needs) {
        reserved -= need;
        section.write(page, &plan.labels, reserved);
    }
    page.may("picture", &picture(plan));
}

fn deletes_first<'a>(planned: &'a Planned<'a>) -> impl Iterator<Item = &'a StockView<'a>> {
    let of = |deletes: bool| {
        planned
            .notable()
            .filter(move |stock| (stock.counts.deletes > 0) == deletes)
    };
    of(true).chain(of(false))
}

fn guard_line(verdict: &GuardVerdict) -> String {
    let icon = match verdict.effect {
        Enforcement::Refused => "⛔",
        Enforcement::Withheld | Enforcement::Lifted => "⚠️",
    };
    let advice = guard_advice(verdict, code).map_or_else(String::new, |advice| format!("; {advice}"));
    let (label, sentence) = (guard_label(verdict, code), verdict.guard.sentence(code, code));
    format!("- {icon} **Guard, {label}:** {sentence}{advice}\n")
}

fn warning_line(warning: &PlanWarning) -> String {
    let place = warning.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!(", {}", code(&place.to_string())));
    let (message, rule) = (code(&warning.message), code(&warning.rule));
    format!("- ⚠️ {message} ({rule}{place})\n")
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

pub(super) fn others(planned: &Planned<'_>) -> String {
    if planned.others.is_empty() {
        return String::new();
    }
    format!("\nOther stocks: {}.\n", planned.others)
}

pub(super) fn footer(plan: &Plan) -> String {
    format!(
        "\n<sub>stocktake {}, {}, {}</sub>\n",
        code(&plan.tool_version),
        code(&moment(&plan.created_at)),
        count(plan.inputs.len(), "input file"),
    )
}
