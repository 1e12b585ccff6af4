//! The proof of an export: its text is loaded and planned as any other, and the plan must be empty.

use spanned_yaml::diag::{Diagnostic, InputFiles};

use crate::model::{GuardLimits, LiveState};
use crate::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use crate::spec::{Loaded, load};

/// Reports an inventory whose plan would not be empty. That is a defect of stocktake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the inventory does not say what the shop has: {0}")]
pub struct ExportError(pub String);

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
        scope: &StockScope::default(),
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

/// Loads and plans the files. Fails unless the plan is empty.
pub(super) fn prove(files: &InputFiles, live: &LiveState) -> Result<(), ExportError> {
    match plan(files, live) {
        Ok(plan) if plan.in_sync() => Ok(()),
        Ok(plan) => {
            let changed = plan.stocks.iter().find(|stock| !stock.in_sync());
            let name = changed.map(|stock| &stock.name);
            Err(ExportError(format!("{name:?} would change")))
        }
        Err(found) => {
            let message = found.first().map_or("", |found| &found.message);
            Err(ExportError(message.to_owned()))
        }
    }
}
