//! Plans as an HTML page: one file that loads nothing from elsewhere. What stands where, the template says.

mod notices;
mod rows;
mod tally;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::failure::FailureReport;
use super::filters;
use super::view::{PlanStatus, PlanView, Planned, StockView};
use super::words::{count, moment};
use crate::reconcile::{Change, Counts, Plan, StockPlan, Summary};
use notices::Notices;
use rows::blocks;
use tally::{in_short, tallies};

const STYLE: &str = include_str!("../../../templates/plan.css");
const SCRIPT: &str = include_str!("../../../templates/plan.js");

/// The page. The template escapes texts; its filter spells hidden characters out before.
#[derive(Template)]
#[template(path = "plan.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    several: bool,
    sections: Vec<Section<'a>>,
}

/// One target on the page.
struct Section<'a> {
    /// The prefix of its element ids; empty for the only plan of a page.
    key: String,
    target: &'a str,
    outcome: Result<&'a Planned<'a>, &'a FailureReport>,
}

/// The page of one plan, or of several targets one below the other. The only possible error comes from the template.
pub fn html(view: &PlanView<'_>) -> Result<String, askama::Error> {
    let (several, sections) = match view {
        PlanView::One(planned) => {
            let only = Section {
                key: String::new(),
                target: &planned.plan.target.name,
                outcome: Ok(planned),
            };
            (false, vec![only])
        }
        PlanView::Several(targets) => {
            let sections = targets.iter().zip(1..).map(|(of, number): (_, u32)| Section {
                // Keeps the ids of the targets apart.
                key: format!("t{number}-"),
                target: of.target,
                outcome: of.outcome.as_ref().map_err(|unplanned| unplanned.failure),
            });
            (true, sections.collect())
        }
    };
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        style_hash: source_hash(STYLE),
        script_hash: source_hash(SCRIPT),
        several,
        sections,
    };
    page.render()
}

/// The hash by which a content security policy allows an inline source.
fn source_hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}

impl Page<'_> {
    fn first_plan(&self) -> Option<&Plan> {
        let mut plans = self.sections.iter().filter_map(|section| section.outcome.ok());
        plans.next().map(|planned| planned.plan)
    }

    /// How many stocks of the page change, such as `2 of 100 change`.
    fn jump_summary(&self) -> String {
        let plans = self.sections.iter().filter_map(|section| section.outcome.ok());
        let stocks: Vec<&StockView<'_>> = plans.flat_map(|planned| &planned.stocks).collect();
        let changing = stocks.iter().filter(|stock| !stock.plan.in_sync()).count();
        format!("{changing} of {} change", stocks.len())
    }
}

impl Section<'_> {
    /// The class, the icon and the words of the verdict, and the rest of the sentence.
    fn verdict(&self) -> (&str, &str, &str, String) {
        let planned = match self.outcome {
            Ok(planned) => planned,
            Err(failure) => return ("refused", "✕", "No result", failure.error.clone()),
        };
        let (class, icon) = match planned.status {
            PlanStatus::InSync => ("in-sync", "✓"),
            PlanStatus::Unknown => ("unknown", "?"),
            PlanStatus::Stale => ("stale", "!"),
            PlanStatus::Changes => ("changes", "→"),
            PlanStatus::Refused => ("refused", "✕"),
        };
        (class, icon, planned.status.words(), planned.sentences())
    }

    fn notices(&self) -> Notices {
        match self.outcome {
            Ok(planned) => Notices::of_plan(planned),
            Err(failure) => Notices::of_failure(failure),
        }
    }
}

/// The class, the number, and what it counts, in short and in full.
fn tiles(summary: Summary) -> [(&'static str, u32, &'static str, String); 4] {
    let Counts {
        creates,
        deletes,
        reorders,
        renumbers,
        ..
    } = summary.counts();
    let renumbered = match renumbers {
        0 => String::new(),
        1 => " (1 priority renumbered)".to_owned(),
        renumbers => format!(" ({renumbers} priorities renumbered)"),
    };
    [
        (
            "delete",
            deletes,
            "to delete",
            "sources stop serving a stock".to_owned(),
        ),
        (
            "create",
            creates,
            "to create",
            "sources start serving a stock".to_owned(),
        ),
        (
            "reorder",
            reorders,
            "to reorder",
            format!("sources change their place{renumbered}"),
        ),
        (
            "in-sync",
            summary.in_sync_stocks,
            "in sync",
            "stocks are as wanted".to_owned(),
        ),
    ]
}

/// The stocks, those with a change or a blocked link first.
fn notable_first<'a>(planned: &'a Planned<'a>) -> impl Iterator<Item = &'a StockView<'a>> {
    let quiet = planned.stocks.iter().filter(|stock| !stock.notable);
    planned.notable().chain(quiet)
}

/// What is written for a change, such as `move, priority 3 → 2`.
fn write(change: &Change) -> String {
    match change {
        Change::Create { priority, .. } => format!("create, priority {priority}"),
        Change::Move { before, after, .. } => format!("move, priority {before} → {after}"),
        Change::Delete { before, .. } => format!("delete, priority {before}"),
    }
}

/// The line that asks for a change; with its file where the stock stands in another one.
fn line(change: &Change, stock: &StockPlan) -> String {
    let place = change.place();
    if place.file == stock.place.file {
        format!("{}:{}", place.line, place.column)
    } else {
        place.to_string()
    }
}

fn sources(number: u32) -> String {
    count(number, "source")
}
