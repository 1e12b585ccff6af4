//! `status`: what the shop looks like now.

use clap::Args;

use super::args::Format;
use super::environment::columns;
use super::exit::Exit;
use super::failure::Failure;
use super::look::LookArgs;
use super::printer::Printer;
use super::session::Session;
use crate::engine::Scope;
use crate::report::{StatusReport, status_text};

/// Show the shop's stocks, sales channels and ranked sources, in sync or not, reindex owed or not. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake status --sandbox
  stocktake status --target production --prove index   the index too, against links and source items
  stocktake status --target production --format json")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(super) look: LookArgs,
    /// The form of the status.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &StatusArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let planner = args.look.planner(printer)?;
    let session = Session::open(&args.look.target).await?;
    let looked = args.look.look(&planner, &session, printer).await?;
    let label = session.label.clone();
    let report = StatusReport {
        index: looked.proving.look(&session, Scope::Custom).await,
        ..StatusReport::new(label, &looked.live, Some(&looked.plan), looked.reindex_owed)
    };
    match args.format {
        Format::Text => printer.result(&status_text(&report, columns()))?,
        Format::Json => printer.document(&report)?,
    }
    Ok(Exit::Done)
}
