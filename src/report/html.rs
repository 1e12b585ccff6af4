//! Plans as an HTML page: one file that loads nothing from elsewhere. What stands where, the template says.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::failure::FailureReport;
use super::filters;
use super::view::{ChangeKind, PlanStatus, PlanView, Planned, Row, StockView, guard_advice, guard_words};
use super::words::{count, moment};
use crate::reconcile::{Enforcement, GuardVerdict, Plan, RankedLink, Summary};

const STYLE: &str = include_str!("../../templates/plan.css");
const SCRIPT: &str = include_str!("../../templates/plan.js");

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

    fn has_notices(&self) -> bool {
        match self.outcome {
            Ok(planned) => planned.has_notes(),
            Err(failure) => !(failure.causes.is_empty() && failure.hints.is_empty()),
        }
    }
}

/// The class, the number, and what it counts, in short and in full.
fn tiles(summary: Summary) -> [(&'static str, u32, &'static str, &'static str); 4] {
    let (deletes, creates, moves) = (summary.deletes, summary.creates, summary.moves);
    [
        ("delete", deletes, "to delete", "sources stop serving a stock"),
        ("create", creates, "to create", "sources start serving a stock"),
        ("move", moves, "to move", "sources get another priority"),
        (
            "in-sync",
            summary.in_sync_stocks,
            "in sync",
            "stocks are as wanted",
        ),
    ]
}

fn guard_class(effect: Enforcement) -> &'static str {
    match effect {
        Enforcement::Refused => "refused",
        Enforcement::Withheld => "withheld",
        Enforcement::Lifted => "lifted",
    }
}

/// What stands beside a guard: the way to allow the change, or the flag that lifted it.
fn aside(verdict: &GuardVerdict) -> String {
    guard_advice(verdict, str::to_owned).unwrap_or_else(|| verdict.flag().unwrap_or_default())
}

/// The stocks, those with a change or a blocked link first.
fn notable_first<'a>(planned: &'a Planned<'a>) -> impl Iterator<Item = &'a StockView<'a>> {
    let quiet = planned.stocks.iter().filter(|stock| !stock.notable);
    planned.notable().chain(quiet)
}

/// The class and the text of each coloured label.
fn chips(rows: &[Row<'_>]) -> Vec<(&'static str, String)> {
    let kinds = [
        ChangeKind::Delete,
        ChangeKind::Create,
        ChangeKind::Move,
        ChangeKind::Blocked,
    ];
    let chips = kinds.into_iter().filter_map(|kind| {
        let number = rows.iter().filter(|row| row.kind == kind).count();
        let to = if kind == ChangeKind::Blocked { "" } else { "to " };
        let text = format!("{} {number} {to}{}", kind.rune(), kind.word());
        (number > 0).then_some((kind.word(), text))
    });
    let chips: Vec<_> = chips.collect();
    if chips.is_empty() {
        return vec![("in-sync", "✓ in sync".to_owned())];
    }
    chips
}

fn rank(link: Option<&RankedLink>) -> String {
    link.map_or_else(|| "–".to_owned(), |link| link.rank.to_string())
}

fn priority(link: &RankedLink) -> u32 {
    link.priority.into()
}

fn links(number: u32) -> String {
    count(number, "link")
}
