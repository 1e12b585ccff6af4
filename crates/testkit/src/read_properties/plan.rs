//! `plan.json`: read, rendered in every form and written again.

use serde_json::Value;
use stocktake::reconcile::{Plan, SavedPlanError};
use stocktake::report::{
    MARKDOWN_LIMIT, PlanView, finding_rules, github, html, junit, markdown, plan_findings, plan_text, sarif,
};

use super::{holds_nothing_hidden, without_styles};

/// Holds the reader to its properties.
pub fn holds(data: &[u8]) {
    match Plan::from_json(data) {
        Ok(plan) => {
            can_be_rendered(&plan);
            can_be_rendered_in_every_form(&plan);
            assert!(plan.stale_reasons_since(&plan).is_empty());
        }
        Err(error) => {
            holds_nothing_hidden(&error.to_string());
            if let SavedPlanError::NotAPlan { line, .. } = error {
                assert!(line <= data.split(|byte| *byte == b'\n').count());
            }
        }
    }
}

/// A plan is text that is safe to show, and JSON that says the same when it is read again.
pub fn can_be_rendered(plan: &Plan) {
    holds_nothing_hidden(&without_styles(&plan_text(plan)));
    let written = serde_json::to_string(plan).expect("a plan is JSON");
    let again = Plan::from_json(written.as_bytes()).expect("what was written can be read");
    assert_eq!(*plan, again);
    assert_eq!(written, serde_json::to_string(&again).expect("a plan is JSON"));
}

fn can_be_rendered_in_every_form(plan: &Plan) {
    let comment = markdown(&PlanView::from(plan));
    assert!(comment.encode_utf16().count() <= MARKDOWN_LIMIT);
    holds_nothing_hidden(&comment);
    let findings = plan_findings(&PlanView::from(plan));
    let annotations = github(&findings);
    holds_nothing_hidden(&annotations);
    assert!(
        annotations.lines().all(|line| line.starts_with("::")),
        "{annotations}"
    );
    let rules = finding_rules(stocktake::rules());
    assert!(serde_json::from_str::<Value>(&sarif(&findings, &rules)).is_ok());
    assert!(junit(&PlanView::from(plan)).is_ok());
    let page = html(&PlanView::from(plan)).expect("a page can be written");
    assert_eq!(page.matches("<script").count(), page.matches("</script").count());
}
