//! `validate`: the files checked offline.

use clap::Args;

use super::args::{FileArgs, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::files::read_files;
use super::printer::Printer;
use crate::diag::{DiagnosticsJson, Severity};
use crate::spec::{Loaded, WantedLinks, load};

/// Check the files offline: everything that is wrong, in one run.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake validate
  stocktake validate -f base.yaml -f stocks/ --format json")]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    files: FileArgs,
    /// The form of the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &ValidateArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let files = read_files(&args.files.files)?;
    let loaded = load(&files);
    let findings = &loaded.diagnostics;
    let errors = findings
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    match args.format {
        Format::Json => printer.document(&DiagnosticsJson::new(findings, &files))?,
        Format::Text => {
            printer.findings(findings, &files);
            printer.result(&summary(&loaded, errors))?;
        }
    }
    Ok(if errors == 0 { Exit::Done } else { Exit::Error })
}

fn summary(loaded: &Loaded, errors: usize) -> String {
    let warnings = loaded.diagnostics.len() - errors;
    let Some(spec) = &loaded.spec else {
        return format!("Not valid: {errors} errors, {warnings} warnings.\n");
    };
    let links: usize = spec
        .stocks
        .iter()
        .map(|stock| match &stock.links {
            WantedLinks::Ordered(sources) => sources.len(),
            WantedLinks::Explicit(sources) => sources.len(),
        })
        .sum();
    format!(
        "Valid: {} stocks with {links} links, {warnings} warnings.\n",
        spec.stocks.len()
    )
}
