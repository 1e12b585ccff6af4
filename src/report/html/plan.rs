//! One plan on the page, or the reason why a target has none.

use super::parts::{Notice, StockPart, Tile, Unmanaged, notices, stocks, text, tiles, unmanaged};
use crate::reconcile::{InputDigest, Plan};
use crate::report::failure::FailureReport;
use crate::report::view::{PlanStatus, Planned};
use crate::report::words::moment;

/// One plan.
pub(super) struct PlanPart {
    /// The prefix of its element ids; empty for the only plan of a page.
    pub(super) key: String,
    pub(super) target: String,
    pub(super) url: Option<String>,
    pub(super) status: &'static str,
    pub(super) icon: &'static str,
    pub(super) verdict: &'static str,
    pub(super) rest: String,
    pub(super) tiles: Vec<Tile>,
    pub(super) notices: Vec<Notice>,
    pub(super) stocks: Vec<StockPart>,
    pub(super) unmanaged: Vec<Unmanaged>,
    pub(super) live_sha256: Option<String>,
}

/// The tool, the times and the files of the plans.
pub(super) struct Made {
    pub(super) tool_version: String,
    pub(super) created_at: String,
    pub(super) expires_at: String,
    pub(super) inputs: Vec<InputDigest>,
}

pub(super) fn planned_part(planned: &Planned<'_>, key: String) -> PlanPart {
    let plan = planned.plan;
    let (class, icon) = match planned.status {
        PlanStatus::InSync => ("in-sync", "✓"),
        PlanStatus::Unknown => ("unknown", "?"),
        PlanStatus::Stale => ("stale", "!"),
        PlanStatus::Changes => ("changes", "→"),
        PlanStatus::Refused => ("refused", "✕"),
    };
    PlanPart {
        key,
        target: text(&plan.target.name),
        url: Some(text(&plan.target.url)),
        status: class,
        icon,
        verdict: planned.status.words(),
        rest: planned.sentences(),
        tiles: tiles(plan),
        notices: notices(planned),
        stocks: stocks(planned),
        unmanaged: unmanaged(plan),
        live_sha256: Some(text(&plan.live_sha256)),
    }
}

pub(super) fn failed(target: &str, failure: &FailureReport, key: String) -> PlanPart {
    let notice = |title: &str, line: &String| Notice {
        class: "refused",
        title: title.to_owned(),
        text: text(line),
        aside: String::new(),
    };
    let causes = failure.causes.iter().map(|cause| notice("Because", cause));
    let hints = failure.hints.iter().map(|hint| notice("Help", hint));
    PlanPart {
        key,
        target: text(target),
        url: None,
        status: "refused",
        icon: "✕",
        verdict: "No result",
        rest: text(&failure.error),
        tiles: Vec::new(),
        notices: causes.chain(hints).collect(),
        stocks: Vec::new(),
        unmanaged: Vec::new(),
        live_sha256: None,
    }
}

pub(super) fn made(plan: &Plan) -> Made {
    let inputs = plan.inputs.iter().map(|input| InputDigest {
        path: text(&input.path),
        sha256: text(&input.sha256),
    });
    Made {
        tool_version: text(&plan.tool_version),
        created_at: text(&moment(&plan.created_at)),
        expires_at: text(&moment(&plan.expires_at)),
        inputs: inputs.collect(),
    }
}
