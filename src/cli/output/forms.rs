//! The forms of a plan and of what else is told of it: several at once, each to its file, at most one to standard output.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};
use spanned_yaml::diag::{escape_text, json_text};

use crate::cli::failure::Failure;
use crate::cli::output::fleet_forms::SeveralTold;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::reconcile::Plan;
use crate::report::{
    DriftReport, FailureReport, FindingRule, PlanView, diagnostic_findings, drift_text, finding_rules,
    github, html, junit, markdown, plan_findings, plan_sarif, plan_text, sarif,
};
use crate::{reconcile, spec};

/// In which forms a plan, or what drift found, is told.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// The form of what is told. Several may be given, each with its file; what has none goes to standard output.
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

/// What can be told in every form of a plan.
pub(crate) trait Told {
    /// The plan that most forms are made of, with all else that there is to tell in its warnings.
    fn plan(&self) -> Cow<'_, Plan>;

    /// The form for people at a terminal.
    fn text(&self) -> String;

    /// The form for programs.
    fn json(&self) -> serde_json::Result<String>;
}

impl Told for Plan {
    fn plan(&self) -> Cow<'_, Plan> {
        Cow::Borrowed(self)
    }

    fn text(&self) -> String {
        plan_text(self)
    }

    fn json(&self) -> serde_json::Result<String> {
        json_text(self)
    }
}

impl Told for DriftReport {
    fn plan(&self) -> Cow<'_, Plan> {
        Cow::Owned(self.warned_plan())
    }

    fn text(&self) -> String {
        drift_text(self)
    }

    fn json(&self) -> serde_json::Result<String> {
        json_text(self)
    }
}

impl Outputs {
    /// Writes every form: the files first, then standard output.
    pub(crate) fn write(&self, told: &impl Told, printer: &Printer) -> Result<(), Failure> {
        self.write_files(told)?;
        self.print(told, printer)
    }

    /// Writes the forms that go to files.
    pub(crate) fn write_files(&self, told: &impl Told) -> Result<(), Failure> {
        let plan = told.plan();
        self.to_files(|format| rendered(format, told, &plan))
            .map_err(|failure| failure.about(plan.clone().into_owned()))
    }

    /// Writes the forms that go to files, of several targets.
    pub(crate) fn write_files_of_several(&self, told: &SeveralTold) -> Result<(), Failure> {
        self.to_files(|format| told.rendered(format))
    }

    fn to_files(&self, render: impl Fn(PlanFormat) -> Result<String, Failure>) -> Result<(), Failure> {
        let mut failed = None;
        for (format, file) in &self.files {
            // One that fails keeps no other from being written.
            let written = render(*format).and_then(|text| write_file(file, &strip(*format, text)));
            failed = failed.or(written.err());
        }
        failed.map_or(Ok(()), Err)
    }

    /// Prints the form that goes to standard output, of several targets; on the side what it does not say.
    pub(crate) fn print_several(&self, told: &SeveralTold, printer: &Printer) -> Result<(), Failure> {
        told.say_beside(self.stdout, printer);
        print(self.stdout, &told.rendered(self.stdout)?, printer)
    }

    /// Prints the form that goes to standard output.
    pub(crate) fn print(&self, told: &impl Told, printer: &Printer) -> Result<(), Failure> {
        print(self.stdout, &rendered(self.stdout, told, &told.plan())?, printer)
    }

    /// Brings the files in line with a command that came to no result, so that none of an earlier run looks like one of
    /// this run: JSON tells the failure, annotations tell what is wrong with the files, and every other form is removed.
    pub(crate) fn failed(&self, failure: &Failure, printer: &Printer) {
        let to_files = self.files.iter().map(|(format, file)| {
            let text = failure_form(*format, failure)?;
            text.map_or_else(|| remove_file(file), |text| write_file(file, &text))
        });
        // To standard output the failure is printed as JSON when the command ends with it.
        let to_stdout = match self.stdout {
            PlanFormat::Json => Ok(()),
            format => failure_form(format, failure)
                .and_then(|text| text.map_or(Ok(()), |text| print(format, &text, printer))),
        };
        for failure in to_files.chain([to_stdout]).filter_map(Result::err) {
            // The command fails anyway, and with another reason.
            printer.complain(&failure);
        }
    }

    /// Whether one of the files is that one.
    pub(crate) fn name(&self, path: &Path) -> bool {
        let same = |file: &Path| file == path || file.canonicalize().ok() == path.canonicalize().ok();
        self.files.iter().any(|(_, file)| file.exists() && same(file))
    }
}

/// What a form has to say of a command that came to no result; nothing for those that only a plan can fill.
fn failure_form(format: PlanFormat, failure: &Failure) -> Result<Option<String>, Failure> {
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

fn write_file(file: &Path, text: &str) -> Result<(), Failure> {
    disk::replace(file, text)
        .map_err(|error| Failure::error(format!("{} cannot be written", file.display())).caused_by(&error))
}

/// Removes the file of an earlier run; a device or a pipe stays.
fn remove_file(file: &Path) -> Result<(), Failure> {
    disk::remove_old(file).map_err(|error| {
        let message = format!("{} is of an earlier run and cannot be removed", file.display());
        Failure::error(message).caused_by(&error)
    })
}

fn print(format: PlanFormat, text: &str, printer: &Printer) -> Result<(), Failure> {
    match format {
        PlanFormat::Text => printer.result(text),
        _ => printer.language(text),
    }
}

/// A file is no terminal, and may be shown in a log.
fn strip(format: PlanFormat, text: String) -> String {
    match format {
        PlanFormat::Text => escape_text(&strip_str(&text).to_string()).into_owned(),
        _ => text,
    }
}

fn rendered(format: PlanFormat, told: &impl Told, plan: &Plan) -> Result<String, Failure> {
    let view = PlanView::from(plan);
    Ok(match format {
        PlanFormat::Text => told.text(),
        PlanFormat::Json => told.json().map_err(|error| unformed(&error))?,
        PlanFormat::Markdown => markdown(&view),
        PlanFormat::Html => html(&view).map_err(|error| unformed(&error))?,
        PlanFormat::Github => github(&plan_findings(&view)),
        PlanFormat::Sarif => plan_sarif(&view, &rules()),
        PlanFormat::Junit => junit(&view).map_err(|error| unformed(&error))?,
    })
}

pub(crate) fn unformed(error: &dyn std::error::Error) -> Failure {
    Failure::error("the result could not be put into its form").caused_by(error)
}

/// What every rule id of a finding means.
pub(crate) fn rules() -> Vec<FindingRule> {
    let of_files = [
        spanned_yaml::diag::RULES,
        spanned_yaml::RULES,
        spec::RULES,
        reconcile::RULES,
    ];
    finding_rules(of_files.into_iter().flatten())
}
