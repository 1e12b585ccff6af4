//! `plan.json`: read, told and written again.

use stocktake::reconcile::Plan;
use stocktake::report::plan_text;

use super::{holds_nothing_hidden, without_styles};

/// Holds the reader to its properties.
pub fn holds(data: &[u8]) {
    if let Ok(plan) = serde_json::from_slice::<Plan>(data) {
        can_be_told(&plan);
    }
}

/// A plan is text that is safe to show, and JSON that says the same when it is read again.
pub fn can_be_told(plan: &Plan) {
    holds_nothing_hidden(&without_styles(&plan_text(plan)));
    let written = serde_json::to_string(plan).expect("a plan is JSON");
    let again: Plan = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(*plan, again);
    assert_eq!(written, serde_json::to_string(&again).expect("a plan is JSON"));
}
