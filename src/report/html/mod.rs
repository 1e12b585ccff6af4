//! A plan as a page of its own: one file that asks nobody for anything.

mod view;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::verdict::{Standing, Verdict};
use super::words::moment;
use crate::diag::visible;
use crate::reconcile::{InputDigest, Plan};
use view::{Notice, StockView, Tile, Unmanaged, notices, stocks, tiles, unmanaged};

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
    target: String,
    url: String,
    standing: &'static str,
    icon: &'static str,
    verdict: &'static str,
    rest: String,
    tiles: Vec<Tile>,
    notices: Vec<Notice>,
    stocks: Vec<StockView>,
    unmanaged: Vec<Unmanaged>,
    tool_version: String,
    created_at: String,
    expires_at: String,
    live_sha256: String,
    inputs: Vec<InputDigest>,
}

/// The page; the only error there is comes from the template.
pub fn html(plan: &Plan) -> Result<String, askama::Error> {
    let text = |text: &str| visible(text).into_owned();
    let Verdict { standing, rest } = Verdict::of(plan);
    let (class, icon) = match standing {
        Standing::InSync => ("in-sync", "✓"),
        Standing::Unproven => ("unproven", "?"),
        Standing::Stale => ("stale", "!"),
        Standing::Changes => ("changes", "→"),
        Standing::Refused => ("refused", "✕"),
    };
    let inputs = plan.inputs.iter().map(|input| InputDigest {
        path: text(&input.path),
        sha256: text(&input.sha256),
    });
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        style_hash: source_hash(STYLE),
        script_hash: source_hash(SCRIPT),
        target: text(&plan.target.name),
        url: text(&plan.target.url),
        standing: class,
        icon,
        verdict: standing.words(),
        rest,
        tiles: tiles(plan),
        notices: notices(plan),
        stocks: stocks(plan),
        unmanaged: unmanaged(plan),
        tool_version: text(&plan.tool_version),
        created_at: text(&moment(&plan.created_at)),
        expires_at: text(&moment(&plan.expires_at)),
        live_sha256: text(&plan.live_sha256),
        inputs: inputs.collect(),
    };
    page.render()
}

/// What a content security policy calls an inline source by.
fn source_hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}
