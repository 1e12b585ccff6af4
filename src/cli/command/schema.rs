//! `schema`: prints the JSON Schemas of what stocktake reads and writes.

use clap::{Args, ValueEnum};

use crate::cli::output::printer::Printer;
use crate::run::{Exit, Failure};
use crate::{report, spec, target};

/// Print a JSON Schema.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake schema                     of inventory.yaml
  stocktake schema targets > targets.schema.json
  stocktake schema plan")]
pub(crate) struct SchemaArgs {
    /// The document.
    #[arg(value_enum, default_value_t)]
    of: Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Document {
    /// inventory.yaml
    #[default]
    Inventory,
    /// targets.yaml
    Targets,
    /// The JSON of `plan --format json`
    Plan,
    /// The JSON of `apply --format json`
    Apply,
    /// The JSON of `drift --format json`
    Drift,
    /// The JSON of `status --format json`
    Status,
    /// The JSON of `reindex --format json`
    Reindex,
    /// The JSON of `doctor --format json`
    Doctor,
    /// The JSON of `validate --format json`
    Validate,
    /// The JSON of a command on several targets
    Several,
    /// The JSON of `targets --format json`
    TargetList,
    /// The JSON of `rollback --list --format json`
    PreImages,
    /// The document that `drift --notify` sends to a `webhook`
    Notification,
    /// The JSON of a command that failed
    Failure,
}

pub(crate) fn run(args: &SchemaArgs, printer: &Printer) -> Result<Exit, Failure> {
    let name = args.of.to_possible_value();
    let of_reports = report::schemas().into_iter();
    let of_files = [("inventory", spec::schema()), ("targets", target::schema())];
    let mut schemas = of_files.into_iter().chain(of_reports);
    let found = schemas.find(|(of, _)| name.as_ref().is_some_and(|name| name.get_name() == *of));
    let (_, schema) = found.ok_or_else(|| Failure::usage("there is no such schema"))?;
    printer.document(&schema)?;
    Ok(Exit::Done)
}
