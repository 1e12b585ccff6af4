//! A reviewed plan from a file: applied exactly as it is, or refused as stale.

use jiff::Timestamp;
use spanned_yaml::diag::InputFiles;

use super::exit::Exit;
use super::failure::Failure;
use super::planner::Planner;
use crate::reconcile::{
    GuardOverrides, Plan, PlanScope, SavedPlanError, StaleReason, TargetLabel, input_digests,
};

/// A saved plan. Its content is not trusted: the plan is made anew and must come out the same.
#[derive(Debug, Clone)]
pub struct SavedPlan {
    /// The plan.
    pub plan: Plan,
    /// The end of its validity.
    pub expires_at: Timestamp,
}

impl SavedPlan {
    /// Reads the document that `plan --out` writes.
    pub fn from_json(document: &[u8]) -> Result<Self, SavedPlanError> {
        let time = |field, text: &str| text.parse().map_err(|_| SavedPlanError::bad_value(field, text));
        let plan = Plan::from_json(document)?;
        let _: Timestamp = time("created_at", &plan.created_at)?;
        let expires_at = time("expires_at", &plan.expires_at)?;
        Ok(Self { plan, expires_at })
    }

    /// The planner that makes the plan anew. Fails if the plan has expired or is bound to another target, other files or
    /// another version.
    pub fn planner(
        &self,
        files: InputFiles,
        target: &TargetLabel,
        now: Timestamp,
    ) -> Result<Planner, Failure> {
        let version = env!("CARGO_PKG_VERSION");
        let inputs = input_digests(&files);
        let mut differences = self.plan.stale_bindings(target, version, &inputs);
        if now >= self.expires_at {
            differences.push(StaleReason::Expired {
                expired_at: self.plan.expires_at.clone(),
                now: now.to_string(),
            });
        }
        if !differences.is_empty() {
            return Err(stale(differences).about(self.plan.clone()));
        }
        let allow = GuardOverrides::parse(self.plan.allowances.iter().map(String::as_str))
            .map_err(|error| Failure::error(format!("the plan's allowances: {error}")))?;
        let scope = self.plan.scope.as_ref().map(PlanScope::again);
        let planner = Planner::new(files)?.comparing(scope.unwrap_or_default());
        planner.allowing(allow)
    }

    /// The plan made anew, if it is the saved one.
    pub fn confirmed_by(&self, plan: Result<Plan, Failure>) -> Result<Plan, Failure> {
        // The files are those that the plan was made from, so the target no longer fits them.
        let mut plan = plan.map_err(|failure| Failure {
            exit: Exit::Stale,
            ..failure.about(self.plan.clone())
        })?;
        let differences = plan.stale_reasons_since(&self.plan);
        if !differences.is_empty() {
            return Err(stale(differences).replanned(plan));
        }
        plan.created_at.clone_from(&self.plan.created_at);
        plan.expires_at.clone_from(&self.plan.expires_at);
        Ok(plan)
    }
}

impl Failure {
    /// Says of a stale plan that it is stale because a run has applied it.
    #[must_use]
    pub(super) fn of_applied_plan(self, at: Timestamp) -> Self {
        Self {
            message: format!("this plan was applied at {at:.0}; nothing was written now"),
            hints: vec!["`stocktake plan` shows what differs now".to_owned()],
            ..self
        }
    }
}

fn stale(differences: Vec<StaleReason>) -> Failure {
    Failure::new(Exit::Stale, "the saved plan no longer holds; nothing was written")
        .hint("make a new plan with `stocktake plan --out PATH` and have it reviewed")
        .differing(differences)
}
