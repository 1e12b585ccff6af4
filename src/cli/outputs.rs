//! The forms of a plan: several at once, each to its file, at most one to standard output.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};

use super::failure::Failure;
use super::printer::Printer;
use super::whole_file::write_whole_file;
use crate::reconcile::Plan;
use crate::report::{
    FailureReport, FindingRule, diagnostic_findings, failure_text, finding_rules, github, html, junit,
    markdown, plan_findings, plan_text, sarif,
};
use crate::{diag, reconcile, spec, yaml};

/// In which forms a plan is told.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// The form of the plan. Several may be given, each with its file; what has none goes to standard output.
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        value_delimiter = ',',
        default_value = "text",
        value_parser = OutputParser
    )]
    format: Vec<Output>,
}

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

/// One form, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Output {
    format: PlanFormat,
    /// `None` for standard output.
    file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
#[derive(Debug, Clone)]
struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Output, clap::Error> {
        let text = value.to_string_lossy();
        let (name, file) = match text.split_once('=') {
            Some((name, "-")) => (name, None),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text.as_ref(), None),
        };
        let format = EnumValueParser::<PlanFormat>::new().parse_ref(command, argument, OsStr::new(name))?;
        Ok(Output { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let formats = PlanFormat::value_variants().iter();
        Some(Box::new(formats.filter_map(ValueEnum::to_possible_value)))
    }
}

/// Where the forms of a plan go.
#[derive(Debug)]
pub(crate) struct Outputs {
    files: Vec<(PlanFormat, PathBuf)>,
    stdout: PlanFormat,
}

impl FormatArgs {
    /// Settles what goes where; the text goes to standard output when nothing else does.
    pub(crate) fn outputs(&self, printer: &Printer) -> Result<Outputs, Failure> {
        let mut files: Vec<(PlanFormat, PathBuf)> = Vec::new();
        let mut unnamed = Vec::new();
        for Output { format, file } in &self.format {
            match file {
                None => unnamed.push(*format),
                Some(file) if file.as_os_str().is_empty() => {
                    return Err(Failure::usage("--format: a file must stand behind `=`"));
                }
                Some(file) if files.iter().any(|(_, known)| known == file) => {
                    return Err(Failure::usage(format!(
                        "--format: two forms cannot go to {}",
                        file.display()
                    )));
                }
                Some(file) => files.push((*format, file.clone())),
            }
        }
        if unnamed.contains(&PlanFormat::Json) {
            printer.speak_json();
        }
        if unnamed.len() > 1 {
            return Err(
                Failure::usage("--format: only one form can go to standard output")
                    .hint("name a file for the others, such as --format text,markdown=plan.md"),
            );
        }
        let stdout = unnamed.pop().unwrap_or(PlanFormat::Text);
        Ok(Outputs { files, stdout })
    }
}

impl Outputs {
    /// Writes every form of a plan: the files first, then standard output.
    pub(crate) fn write(&self, plan: &Plan, printer: &Printer) -> Result<(), Failure> {
        let mut failed = None;
        for (format, file) in &self.files {
            // One that fails keeps no other from being written.
            let written = rendered(*format, plan).and_then(|text| write_file(file, &strip(*format, text)));
            failed = failed.or(written.err());
        }
        match failed {
            Some(failure) => Err(failure.about(plan.clone())),
            None => printer.result(&rendered(self.stdout, plan)?),
        }
    }
}

impl Outputs {
    /// Where annotations were asked for, tells what is wrong with the files when no plan can be made of them.
    pub(crate) fn annotate(&self, failure: &Failure, printer: &Printer) {
        let Some((findings, files)) = failure.findings.as_deref() else {
            return;
        };
        let findings = diagnostic_findings(findings, files);
        let told = |format| match format {
            PlanFormat::Github => Some(github(&findings)),
            PlanFormat::Sarif => Some(sarif(&findings, &rules())),
            _ => None,
        };
        let to_files = self
            .files
            .iter()
            .filter_map(|(format, file)| Some(write_file(file, &told(*format)?)));
        let to_stdout = told(self.stdout).map(|text| printer.result(&text));
        for failure in to_files.chain(to_stdout).filter_map(Result::err) {
            // The command fails anyway, and with another reason.
            printer.say(&failure_text(&FailureReport::from(&failure)));
        }
    }
}

fn write_file(file: &Path, text: &str) -> Result<(), Failure> {
    write_whole_file(file, text)
        .map_err(|error| Failure::error(format!("{} cannot be written", file.display())).caused_by(&error))
}

/// A file is no terminal.
fn strip(format: PlanFormat, text: String) -> String {
    match format {
        PlanFormat::Text => strip_str(&text).to_string(),
        _ => text,
    }
}

fn rendered(format: PlanFormat, plan: &Plan) -> Result<String, Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::error("the plan could not be put into its form").caused_by(error)
    };
    Ok(match format {
        PlanFormat::Text => plan_text(plan),
        PlanFormat::Json => serde_json::to_string_pretty(plan).map_err(|error| failed(&error))? + "\n",
        PlanFormat::Markdown => markdown(plan),
        PlanFormat::Html => html(plan).map_err(|error| failed(&error))?,
        PlanFormat::Github => github(&plan_findings(plan)),
        PlanFormat::Sarif => sarif(&plan_findings(plan), &rules()),
        PlanFormat::Junit => junit(plan).map_err(|error| failed(&error))?,
    })
}

/// What every rule id of a finding means.
pub(crate) fn rules() -> Vec<FindingRule> {
    let of_files = [diag::RULES, yaml::RULES, spec::RULES, reconcile::RULES];
    finding_rules(of_files.into_iter().flatten())
}
