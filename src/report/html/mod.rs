//! A plan as a page of its own: one file that asks nobody for anything.

mod plan;
mod view;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::several::TargetPlan;
use crate::reconcile::Plan;
use plan::{Made, PlanView, failed, made, planned};
use view::text;

const STYLE: &str = include_str!("../../../templates/plan.css");
const SCRIPT: &str = include_str!("../../../templates/plan.js");

/// Everything that the page says; texts are escaped by the template, and hidden characters are spelt out before.
#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    title: String,
    several: bool,
    plans: Vec<PlanView>,
    made: Option<Made>,
}

/// The page; the only error there is comes from the template.
pub fn html(plan: &Plan) -> Result<String, askama::Error> {
    page(
        text(&plan.target.name),
        false,
        vec![planned(plan, String::new())],
        Some(plan),
    )
    .render()
}

/// The page of several targets, one below the other; the only error there is comes from the template.
pub fn html_of(sheets: &[TargetPlan<'_>]) -> Result<String, askama::Error> {
    let names: Vec<String> = sheets.iter().map(|sheet| text(sheet.target)).collect();
    let plans = sheets.iter().enumerate().map(|(at, sheet)| {
        // Keeps apart what the plans call alike.
        let key = format!("t{}-", at + 1);
        match &sheet.outcome {
            Ok(plan) => planned(plan, key),
            Err(unplanned) => failed(sheet.target, unplanned.failure, key),
        }
    });
    let first = sheets.iter().find_map(|sheet| sheet.outcome.as_deref().ok());
    page(names.join(", "), true, plans.collect(), first).render()
}

fn page(title: String, several: bool, plans: Vec<PlanView>, first: Option<&Plan>) -> Page {
    Page {
        style: STYLE,
        script: SCRIPT,
        style_hash: source_hash(STYLE),
        script_hash: source_hash(SCRIPT),
        title,
        several,
        plans,
        made: first.map(made),
    }
}

/// What a content security policy calls an inline source by.
fn source_hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}
