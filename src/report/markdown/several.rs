//! The plans of several targets in one comment: all verdicts first, then a section for each target with more to show.

use super::escape::code;
use super::page::{Page, units};
use super::plan::{footer, heading, others, verdict, write_plan};
use crate::report::view::{Planned, TargetPlan, Unplanned};
use crate::report::words::count;

/// The least room for a section; below this it is left out.
const LEAST: usize = 1_500;

/// The most characters of an error in the list of verdicts.
const LONGEST_ERROR: usize = 300;

/// Writes the targets. Sections that have to be cut share the room.
pub(super) fn write_several(page: &mut Page, targets: &[TargetPlan<'_>]) {
    let names: Vec<&str> = targets.iter().map(|of| of.target).collect();
    page.must(&heading(&names, &count(targets.len(), "target")));
    for of in targets {
        page.may("verdict", &line(of));
    }
    let plans = || targets.iter().filter_map(|of| of.outcome.as_ref().ok());
    let sections: Vec<&Planned<'_>> = plans()
        .filter(|planned| planned.has_notes() || planned.notable().next().is_some())
        .collect();
    for (at, planned) in sections.iter().enumerate() {
        let room = page.left() / (sections.len() - at);
        if room < LEAST {
            page.leave_out("section", 1, 0);
        } else {
            page.must(&section(planned, room));
        }
    }
    if let Some(planned) = plans().next() {
        page.may("note", &footer(planned.plan));
    }
}

fn line(of: &TargetPlan<'_>) -> String {
    let target = code(of.target);
    match &of.outcome {
        Ok(planned) => format!("- {target}: {}", verdict(planned)),
        Err(Unplanned { failure, .. }) => {
            let error: String = failure.error.chars().take(LONGEST_ERROR).collect();
            format!("- {target}: ❌ **No result:** {}\n", code(&error))
        }
    }
}

/// A section of at most so many UTF-16 units.
fn section(planned: &Planned<'_>, room: usize) -> String {
    let title = format!("\n### {}\n", code(&planned.plan.target.name));
    let mut page = Page::new(room - units(&title));
    write_plan(&mut page, planned);
    page.may("note", &others(planned));
    title + &page.end()
}
