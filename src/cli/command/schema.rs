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
    let found = schemas().find(|(of, _)| name.as_ref().is_some_and(|name| name.get_name() == *of));
    let (_, schema) = found.ok_or_else(|| Failure::usage("there is no such schema"))?;
    printer.document(&schema)?;
    Ok(Exit::Done)
}

/// The JSON Schema of each file that stocktake reads and each document that it prints, with the document's name. `$id` is the
/// address at which the repository publishes the schema.
pub fn schemas() -> impl Iterator<Item = (&'static str, schemars::Schema)> {
    [("inventory", spec::schema()), ("targets", target::schema())]
        .into_iter()
        .chain(report::schemas())
        .map(|(name, mut schema)| {
            schema.insert("$id".to_owned(), schema_id(name).into());
            (name, schema)
        })
}

/// The address at which the repository publishes a schema.
pub(crate) fn schema_id(name: &str) -> String {
    format!(
        "{}/raw/main/schemas/{name}.schema.json",
        env!("CARGO_PKG_REPOSITORY")
    )
}
