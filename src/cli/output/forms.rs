//! Writes a result in several forms: each to its file, and at most one to standard output.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};
use spanned_yaml::diag::escape_text;

use crate::cli::output::printer::Printer;
use crate::cli::output::render::{PlanFormat, Render, failure_form, rendered};
use crate::disk;
use crate::run::Failure;

/// The forms of a plan or of a drift report.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// The format of the report. Several may be given, each with its file; the one without a file goes to standard output.
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        value_delimiter = ',',
        default_value = "text",
        value_parser = OutputParser
    )]
    format: Vec<Output>,
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

/// The destinations of the forms of a plan.
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
    /// Writes every form: the files first, then standard output.
    pub(crate) fn write(&self, result: &impl Render, printer: &Printer) -> Result<(), Failure> {
        self.write_files(result)?;
        self.print(result, printer)
    }

    /// Writes the forms that go to files.
    pub(crate) fn write_files(&self, result: &impl Render) -> Result<(), Failure> {
        let view = result.view();
        let mut failed = None;
        for (format, file) in &self.files {
            // A failed write does not keep the other forms from being written.
            let written = rendered(*format, result, &view);
            let written = written.and_then(|text| write_file(file, &strip(*format, text)));
            failed = failed.or(written.err());
        }
        failed.map_or(Ok(()), |failure| {
            Err(match result.plan() {
                Some(plan) => failure.about(plan),
                None => failure,
            })
        })
    }

    /// Prints the form that goes to standard output.
    pub(crate) fn print(&self, result: &impl Render, printer: &Printer) -> Result<(), Failure> {
        result.print_beside(self.stdout, printer);
        let text = rendered(self.stdout, result, &result.view())?;
        print(self.stdout, &text, printer)
    }

    /// Brings the files in line with a command that came to no result, so that none of an earlier run looks like one of
    /// this run: JSON contains the failure, annotations contain findings about the files, and every other form is removed.
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

    /// True if one of the files is that one.
    pub(crate) fn name(&self, path: &Path) -> bool {
        let same = |file: &Path| file == path || file.canonicalize().ok() == path.canonicalize().ok();
        self.files.iter().any(|(_, file)| file.exists() && same(file))
    }
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
