//! The proof of an export: its text is loaded and planned as any other, and the plan must be empty.

use spanned_yaml::diag::{Diagnostic, InputFiles};

use crate::model::{GuardLimits, LiveState};
use crate::reconcile::{GuardOverrides, Plan, PlanInputs, TargetLabel, build};
use crate::spec::{Loaded, load};

/// Why a text was not given out: its plan would not be empty, which is a fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the inventory does not say what the shop has: {0}")]
pub struct Unproven(pub String);

/// The plan of files against a live state; an error when there is none.
pub(super) fn plan(files: &InputFiles, live: &LiveState) -> Result<Plan, Vec<Diagnostic>> {
    let Loaded { spec, diagnostics } = load(files);
    let Some(spec) = spec else {
        return Err(diagnostics);
    };
    let nowhere = TargetLabel {
        name: String::new(),
        url: String::new(),
    };
    let inputs = PlanInputs {
        spec: &spec,
        files,
        warnings: &[],
        target: &nowhere,
        limits: GuardLimits {
            max_deletes: u32::MAX,
            max_delete_percent: 100,
        },
        allow: &GuardOverrides::default(),
        protect: &[],
        created_at: "",
        expires_at: "",
    };
    build(inputs, live).map_err(|error| error.0)
}

/// Holds a text to its word: loaded and planned, nothing is to be done.
pub(super) fn prove(files: &InputFiles, live: &LiveState) -> Result<(), Unproven> {
    match plan(files, live) {
        Ok(plan) if plan.in_sync() => Ok(()),
        Ok(plan) => {
            let name = plan
                .stocks
                .iter()
                .find(|stock| !stock.in_sync())
                .map(|stock| &stock.name);
            Err(Unproven(format!("{name:?} would change")))
        }
        Err(found) => Err(Unproven(
            found
                .first()
                .map_or_else(String::new, |found| found.message.clone()),
        )),
    }
}
