//! The result of a command on several targets, in every form of a plan.

use serde::Serialize;

use crate::cli::environment::columns;
use crate::cli::fleet::{TargetResult, report, say_failure, say_findings};
use crate::cli::output::printer::Printer;
use crate::cli::output::render::{PlanFormat, Render};
use crate::reconcile::Plan;
use crate::report::{CommandReport, Finding, PlanView, SeveralReport, diagnostic_findings, several_text};
use crate::run::{Exit, Failure};

/// The results of several targets.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct FleetResult {
    report: SeveralReport,
    /// The failures, target by target; `None` for a target with a report.
    #[serde(skip)]
    failures: Vec<Option<Failure>>,
    /// The findings about files, target by target.
    #[serde(skip)]
    findings: Vec<Vec<Finding>>,
}

impl FleetResult {
    /// The results of a command.
    pub(crate) fn new<R: Into<CommandReport>>(command: &str, results: Vec<TargetResult<R>>) -> Self {
        let failures = results.iter().map(|(_, outcome)| outcome.as_ref().err().cloned());
        let failures: Vec<Option<Failure>> = failures.collect();
        let findings = failures.iter().map(|failure| {
            let (findings, files) = failure.as_ref()?.findings.as_deref()?;
            Some(diagnostic_findings(findings, files))
        });
        Self {
            findings: findings.map(Option::unwrap_or_default).collect(),
            failures,
            report: report(command, results),
        }
    }

    /// The worst exit.
    pub(crate) fn exit(&self) -> Exit {
        self.report.exit_code
    }
}

impl Render for FleetResult {
    fn view(&self) -> PlanView<'_> {
        PlanView::of_several(&self.report, &self.findings)
    }

    fn text(&self) -> String {
        several_text(&self.report, columns())
    }

    fn plan(&self) -> Option<Plan> {
        None
    }

    fn print_beside(&self, format: PlanFormat, printer: &Printer) {
        for (of, failure) in self.report.targets.iter().zip(&self.failures) {
            match (failure, format) {
                (None, _) => {}
                (Some(failure), PlanFormat::Text) => say_findings(&of.target, failure, printer),
                (Some(failure), _) => say_failure(&of.target, failure, printer),
            }
        }
    }
}
