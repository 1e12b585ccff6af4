//! `schema`: the JSON Schemas of what stocktake reads and writes.

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::failure::Failure;
use super::printer::Printer;
use crate::reconcile::Plan;
use crate::{spec, target};

/// Print a JSON Schema.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Of what.
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
}

pub(crate) fn run(args: &SchemaArgs, printer: &Printer) -> Result<Exit, Failure> {
    match args.of {
        Document::Inventory => printer.document(&spec::schema())?,
        Document::Targets => printer.document(&target::schema())?,
        Document::Plan => printer.document(&schemars::schema_for!(Plan))?,
    }
    Ok(Exit::Done)
}
