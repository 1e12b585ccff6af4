//! `show`: prints a saved plan in any format.

use std::path::PathBuf;

use clap::Args;

use crate::cli::input::plan_file;
use crate::cli::output::forms::FormatArgs;
use crate::cli::output::printer::Printer;
use crate::report::whole_second;
use crate::run::{Exit, Failure, SavedPlan};

/// Show a saved plan. Contacts no shop and reads no other file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake show plan.json
  stocktake show --format markdown=plan.md plan.json
  stocktake show --format json - < plan.json")]
pub(crate) struct ShowArgs {
    /// The plan, as `plan --out` saved it; `-` reads standard input.
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    format: FormatArgs,
}

pub(crate) fn run(args: &ShowArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let SavedPlan { plan, expires_at } = plan_file::read(&args.plan).inspect_err(|failure| {
        // What was to be read is not written over, whatever it is.
        if !outputs.name(&args.plan) {
            outputs.failed(failure, printer);
        }
    })?;
    for warning in &plan.warnings {
        printer.plan_warning(warning);
    }
    outputs.write(&plan, printer)?;
    let until = if jiff::Timestamp::now() >= expires_at {
        "expired at"
    } else {
        "valid until"
    };
    printer.note(&format!(
        "planned at {}, {until} {}",
        whole_second(&plan.created_at),
        whole_second(&plan.expires_at)
    ));
    Ok(Exit::Done)
}
