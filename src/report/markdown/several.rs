//! The plans of several targets as one comment: every verdict first, then a section for each target that has more to say.

use super::escape::code;
use super::page::{Page, units};
use super::{MARKDOWN_LIMIT, footer, heading, others, verdict, write_plan};
use crate::reconcile::Plan;
use crate::report::several::{TargetPlan, Unplanned};
use crate::report::words::count;

/// A section with less room says nothing worth reading.
const LEAST: usize = 1_500;

/// The most of an error that stands in a list.
const LONGEST_ERROR: usize = 300;

/// The comment; what is cut is cut from the sections, each of which gets its part of the room.
pub fn markdown_of(sheets: &[TargetPlan<'_>]) -> String {
    let mut page = Page::new(MARKDOWN_LIMIT);
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.target).collect();
    page.must(&heading(&names, &count(sheets.len(), "target")));
    for sheet in sheets {
        page.may("verdict", &line(sheet));
    }
    let plans = || sheets.iter().filter_map(|sheet| sheet.outcome.as_deref().ok());
    let telling: Vec<&Plan> = plans().filter(|plan| tells_more(plan)).collect();
    for (at, plan) in telling.iter().enumerate() {
        let room = page.left() / (telling.len() - at);
        if room < LEAST {
            page.leave_out("section", 1, 0);
        } else {
            page.must(&section(plan, room));
        }
    }
    if let Some(plan) = plans().next() {
        page.may("note", &footer(plan));
    }
    page.end()
}

fn line(sheet: &TargetPlan<'_>) -> String {
    let target = code(sheet.target);
    match &sheet.outcome {
        Ok(plan) => format!("- {target}: {}", verdict(plan)),
        Err(Unplanned { failure, .. }) => {
            let error: String = failure.error.chars().take(LONGEST_ERROR).collect();
            format!("- {target}: ❌ **No result:** {}\n", code(&error))
        }
    }
}

/// Whether there is more to say of a plan than its verdict.
fn tells_more(plan: &Plan) -> bool {
    let quiet = plan.guards.is_empty() && plan.doubts.is_empty() && plan.warnings.is_empty();
    !(quiet && plan.in_sync() && plan.stocks.iter().all(|stock| stock.blocked.is_empty()))
}

/// A section that is no longer than that.
fn section(plan: &Plan, room: usize) -> String {
    let title = format!("\n### {}\n", code(&plan.target.name));
    let mut page = Page::new(room - units(&title));
    write_plan(&mut page, plan);
    page.may("note", &others(plan));
    title + &page.end()
}
