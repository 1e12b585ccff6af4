//! What came of several targets in every form of a plan.

use spanned_yaml::diag::json_text;

use crate::cli::environment::columns;
use crate::cli::failure::Failure;
use crate::cli::fleet::{TargetResult, report, say_failure, say_findings};
use crate::cli::output::forms::{PlanFormat, rules, unformed};
use crate::cli::output::printer::Printer;
use crate::report::{
    CommandReport, Finding, PlanView, SeveralReport, diagnostic_findings, github, html, junit, markdown,
    plan_findings, plan_sarif, several_text,
};

/// What came of several targets.
pub(crate) struct SeveralTold {
    report: SeveralReport,
    /// Why targets have no report; `None` for those that have one.
    failures: Vec<Option<Failure>>,
}

impl SeveralTold {
    /// Puts together what came of a command.
    pub(crate) fn new<R: Into<CommandReport>>(command: &str, results: Vec<TargetResult<R>>) -> Self {
        let failures = results
            .iter()
            .map(|result| result.outcome.as_ref().err().cloned());
        Self {
            failures: failures.collect(),
            report: report(command, results),
        }
    }

    /// One form of it.
    pub(crate) fn rendered(&self, format: PlanFormat) -> Result<String, Failure> {
        let findings = self.findings();
        let view = PlanView::of_several(&self.report, &findings);
        Ok(match format {
            PlanFormat::Text => several_text(&self.report, columns()),
            PlanFormat::Json => json_text(&self.report).map_err(|error| unformed(&error))?,
            PlanFormat::Markdown => markdown(&view),
            PlanFormat::Html => html(&view).map_err(|error| unformed(&error))?,
            PlanFormat::Github => github(&plan_findings(&view)),
            PlanFormat::Sarif => plan_sarif(&view, &rules()),
            PlanFormat::Junit => junit(&view).map_err(|error| unformed(&error))?,
        })
    }

    /// Tells on the side what a form does not say of targets without a report.
    pub(crate) fn say_beside(&self, format: PlanFormat, printer: &Printer) {
        for (of, failure) in self.report.targets.iter().zip(&self.failures) {
            match (failure, format) {
                (None, _) => {}
                (Some(failure), PlanFormat::Text) => say_findings(&of.target, failure, printer),
                (Some(failure), _) => say_failure(&of.target, failure, printer),
            }
        }
    }

    /// What is wrong with files, target by target.
    fn findings(&self) -> Vec<Vec<Finding>> {
        let failures = self.failures.iter().map(|failure| {
            let (findings, files) = failure.as_ref()?.findings.as_deref()?;
            Some(diagnostic_findings(findings, files))
        });
        failures.map(Option::unwrap_or_default).collect()
    }
}
