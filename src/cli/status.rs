//! `status`: what the shop looks like now.

use clap::Args;

use super::args::{FileArgs, Format, GuardArgs, TargetArgs};
use super::environment::columns;
use super::exit::Exit;
use super::failure::Failure;
use super::plan::Planner;
use super::printer::Printer;
use super::prove::ProveArgs;
use super::session::Session;
use crate::engine::{Journal, Scope};
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
    files: FileArgs,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// The form of the status.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &StatusArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let planner = Planner::new(&args.files, &GuardArgs { allow: Vec::new() }, printer)?;
    let session = Session::open(&args.target).await?;
    let proving = args.prove.settled(&session)?;
    let live = session.reader.fetch().await?;
    let plan = planner.plan(&session, &live, printer)?;
    let owed = Journal::peek(&session.state_dir, &session.label)?;
    let report = StatusReport {
        index: proving.look(&session, Scope::Custom).await,
        ..StatusReport::new(session.label.clone(), &live, Some(&plan), owed.0)
    };
    match args.format {
        Format::Text => printer.result(&status_text(&report, columns()))?,
        Format::Json => printer.document(&report)?,
    }
    Ok(Exit::Done)
}
