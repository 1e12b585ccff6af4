//! The checks of a target to which no connection can be prepared, such as for lack of a credential.

use std::path::Path;

use super::machine;
use super::stages::{QUESTIONS, WAY, guards, look_up_host};
use crate::reconcile::TargetLabel;
use crate::report::{Check, CheckState, DoctorReport};
use crate::run::Failure;
use crate::target::Target;

/// Runs the checks that need no connection. The failure says why there is none.
pub(super) async fn examined(target: &Target, state_dir: &Path, failure: &Failure) -> DoctorReport {
    let label = TargetLabel {
        name: target.name.clone(),
        url: target.url.to_string(),
    };
    let mut checks = Vec::new();
    look_up_host(&target.url, &mut checks).await;
    // Secrets and certificates are read before the first request.
    checks.push(Check {
        hints: failure.hints.clone(),
        ..Check::new("credentials", CheckState::Failed, failure.words())
    });
    checks.extend(WAY.into_iter().chain(QUESTIONS).map(Check::skipped));
    checks.push(Check::ok("guards", guards(target.guard)));
    checks.push(machine::state_directory(state_dir, &label));
    checks.push(machine::open_files());
    DoctorReport::new(label, checks)
}
