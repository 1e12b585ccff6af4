//! Plans as an HTML page: one file that loads nothing from elsewhere.

mod parts;
mod plan;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::view::{PlanView, Planned};
use parts::text;
use plan::{Made, PlanPart, failed, made, planned_part};

const STYLE: &str = include_str!("../../../templates/plan.css");
const SCRIPT: &str = include_str!("../../../templates/plan.js");

/// The page. The template escapes texts; hidden characters are spelt out before.
#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    title: String,
    several: bool,
    plans: Vec<PlanPart>,
    made: Option<Made>,
}

/// The page of one plan, or of several targets one below the other. The only possible error comes from the template.
pub fn html(view: &PlanView<'_>) -> Result<String, askama::Error> {
    let page = match view {
        PlanView::One(planned) => {
            let part = planned_part(planned, String::new());
            page(text(&planned.plan.target.name), false, vec![part], Some(planned))
        }
        PlanView::Several(targets) => {
            let names: Vec<String> = targets.iter().map(|of| text(of.target)).collect();
            let parts = targets.iter().enumerate().map(|(at, of)| {
                // Keeps the ids of the targets apart.
                let key = format!("t{}-", at + 1);
                match &of.outcome {
                    Ok(planned) => planned_part(planned, key),
                    Err(unplanned) => failed(of.target, unplanned.failure, key),
                }
            });
            let first = targets.iter().find_map(|of| of.outcome.as_ref().ok());
            page(names.join(", "), true, parts.collect(), first)
        }
    };
    page.render()
}

fn page(title: String, several: bool, plans: Vec<PlanPart>, first: Option<&Planned<'_>>) -> Page {
    Page {
        style: STYLE,
        script: SCRIPT,
        style_hash: source_hash(STYLE),
        script_hash: source_hash(SCRIPT),
        title,
        several,
        plans,
        made: first.map(|planned| made(planned.plan)),
    }
}

/// The hash by which a content security policy allows an inline source.
fn source_hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}
