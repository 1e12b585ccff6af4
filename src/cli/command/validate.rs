//! `validate`: checks the files offline.

use clap::{Args, ValueEnum};
use spanned_yaml::diag::{DiagnosticsJson, Severity};

use crate::cli::args::path_args::PathArgs;
use crate::cli::input::files::read_files;
use crate::cli::output::printer::Printer;
use crate::cli::output::render::rules;
use crate::report::{ValidateReport, count, diagnostic_findings, github, sarif};
use crate::run::{Exit, Failure};
use crate::spec::{Loaded, load};

/// Check the files offline and report all errors together. A YAML syntax error hides the rest of its file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake validate
  stocktake validate base.yaml stocks/ --format json
  stocktake validate --format github")]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    files: PathArgs,
    /// The form of the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

pub(crate) fn run(args: &ValidateArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let files = read_files(&args.files.all(), printer)?;
    let loaded = load(&files);
    let findings = &loaded.diagnostics;
    let errors = findings.iter().filter(|found| found.severity == Severity::Error);
    let errors = errors.count();
    let exit = if errors == 0 { Exit::Done } else { Exit::Error };
    match args.format {
        Format::Json => printer.document(&ValidateReport {
            exit_code: exit,
            findings: DiagnosticsJson::new(findings, &files),
        })?,
        Format::Github => printer.language(&github(&diagnostic_findings(findings, &files)))?,
        Format::Sarif => {
            let findings = diagnostic_findings(findings, &files);
            printer.language(&sarif(&findings, &rules()))?;
        }
        Format::Text => {
            printer.findings(findings, &files);
            printer.result(&summary(&loaded, errors))?;
        }
    }
    Ok(exit)
}

fn summary(loaded: &Loaded, errors: usize) -> String {
    let warnings = loaded.diagnostics.len() - errors;
    let Some(spec) = &loaded.spec else {
        let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
        return format!("Not valid: {errors}, {warnings}.\n");
    };
    let links = spec
        .stocks
        .iter()
        .flat_map(|stock| stock.links.numbered())
        .count();
    let (stocks, links) = (count(spec.stocks.len(), "stock"), count(links, "link"));
    format!("Valid: {stocks} with {links}, {}.\n", count(warnings, "warning"))
}
