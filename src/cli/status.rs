//! `status`: what the shop looks like now.

use clap::Args;

use super::args::{FileArgs, Format, GuardArgs, TargetsArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::plan::Planner;
use super::printer::Printer;
use super::prove::ProveArgs;
use super::session::Session;
use super::several::Telling;
use crate::engine::{Journal, Scope};
use crate::report::StatusReport;

/// Show the shop's stocks, sales channels and ranked sources, in sync or not, reindex owed or not. Writes nothing.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(super) target: TargetsArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// The form of the status.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &StatusArgs, printer: &Printer) -> Result<Exit, Failure> {
    let telling = Telling::new("status", args.format, printer);
    let planner = &Planner::new(&args.files, &GuardArgs { allow: Vec::new() }, printer)?;
    telling
        .of_each(&args.target, |session, printer| async move {
            Ok((Exit::Done, look(args, planner, &session, &printer).await?))
        })
        .await
}

async fn look(
    args: &StatusArgs,
    planner: &Planner,
    session: &Session,
    printer: &Printer,
) -> Result<StatusReport, Failure> {
    let proving = args.prove.settled(session)?;
    let live = session.reader.fetch().await?;
    let plan = planner.plan(session, &live, printer)?;
    let owed = Journal::peek(&session.state_dir, &session.label)?;
    Ok(StatusReport {
        index: proving.look(session, Scope::Custom).await,
        ..StatusReport::new(session.label.clone(), &live, Some(&plan), owed.0)
    })
}
