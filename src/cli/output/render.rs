//! The forms of a plan, and how a result is rendered in each of them.

use clap::ValueEnum;
use serde::Serialize;
use spanned_yaml::diag::json_text;

use crate::cli::output::printer::Printer;
use crate::reconcile::Plan;
use crate::report::{
    DriftReport, FailureReport, FindingRule, PlanView, diagnostic_findings, drift_text, finding_rules,
    github, html, junit, markdown, plan_findings, plan_sarif, plan_text, sarif,
};
use crate::run::Failure;
use crate::{reconcile, spec};

/// A form of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people at a terminal.
    Text,
    /// For programs; versioned, with a published schema.
    Json,
    /// For the comment of a pull request.
    Markdown,
    /// A page of its own, for people who do not read diffs.
    Html,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
}

/// A result that can be shown in every form of a plan; its document is the form for programs.
pub(crate) trait Render: Serialize {
    /// The plans that most forms lay out.
    fn view(&self) -> PlanView<'_>;

    /// The form for people at a terminal.
    fn text(&self) -> String;

    /// The plan that is reported with a failed write; `None` with several targets.
    fn plan(&self) -> Option<Plan>;

    /// Prints the failures that a form does not show.
    fn print_beside(&self, _format: PlanFormat, _printer: &Printer) {}
}

impl Render for Plan {
    fn view(&self) -> PlanView<'_> {
        self.into()
    }

    fn text(&self) -> String {
        plan_text(self)
    }

    fn plan(&self) -> Option<Plan> {
        Some(self.clone())
    }
}

impl Render for DriftReport {
    fn view(&self) -> PlanView<'_> {
        self.into()
    }

    fn text(&self) -> String {
        drift_text(self)
    }

    fn plan(&self) -> Option<Plan> {
        Some(self.warned_plan())
    }
}

/// One form of a result.
pub(crate) fn rendered(
    format: PlanFormat,
    result: &impl Render,
    view: &PlanView<'_>,
) -> Result<String, Failure> {
    Ok(match format {
        PlanFormat::Text => result.text(),
        PlanFormat::Json => json_text(result).map_err(|error| unformed(&error))?,
        PlanFormat::Markdown => markdown(view),
        PlanFormat::Html => html(view).map_err(|error| unformed(&error))?,
        PlanFormat::Github => github(&plan_findings(view)),
        PlanFormat::Sarif => plan_sarif(view, &rules()),
        PlanFormat::Junit => junit(view).map_err(|error| unformed(&error))?,
    })
}

/// One form of a failure; `None` for the forms that need a plan.
pub(crate) fn failure_form(format: PlanFormat, failure: &Failure) -> Result<Option<String>, Failure> {
    let findings = || {
        let (findings, files) = failure.findings.as_deref()?;
        Some(diagnostic_findings(findings, files))
    };
    Ok(match format {
        PlanFormat::Json => {
            let text = json_text(&FailureReport::from(failure));
            Some(text.map_err(|error| unformed(&error))?)
        }
        PlanFormat::Github => findings().map(|findings| github(&findings)),
        PlanFormat::Sarif => findings().map(|findings| sarif(&findings, &rules())),
        PlanFormat::Text | PlanFormat::Markdown | PlanFormat::Html | PlanFormat::Junit => None,
    })
}

fn unformed(error: &dyn std::error::Error) -> Failure {
    Failure::error("the result could not be put into its form").caused_by(error)
}

/// The meaning of every rule id of a finding.
pub(crate) fn rules() -> Vec<FindingRule> {
    let of_files = [
        spanned_yaml::diag::RULES,
        spanned_yaml::RULES,
        spec::RULES,
        reconcile::RULES,
    ];
    finding_rules(of_files.into_iter().flatten())
}
