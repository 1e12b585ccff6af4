//! `drift`: whether the live shop is as the files want it, for schedules.

use clap::Args;

use super::args::{FileArgs, Format, GuardArgs, TargetsArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::plan::Planner;
use super::printer::Printer;
use super::prove::{ProveArgs, owned};
use super::session::Session;
use super::several::Telling;
use crate::engine::Journal;
use crate::reconcile::Plan;
use crate::report::{DRIFT_FORMAT, DriftReport, IndexReport, ReportedVerdict};

/// Compare the live shop with the files, for schedules: exit 2 on a difference, 0 in sync, 1 when it cannot be told.
/// Writes nothing.
///
/// With `--prove index` an index that is stale is a difference too, also where the links are as wanted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake drift --sandbox
  stocktake drift --target production --prove index
  stocktake drift --target production --format json > drift.json")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(super) target: TargetsArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &DriftArgs, printer: &Printer) -> Result<Exit, Failure> {
    let telling = Telling::new("drift", args.format, printer);
    let planner = &Planner::new(&args.files, &GuardArgs { allow: Vec::new() }, printer)?;
    telling
        .of_each(&args.target, |session, printer| async move {
            found(args, planner, &session, &printer).await
        })
        .await
}

async fn found(
    args: &DriftArgs,
    planner: &Planner,
    session: &Session,
    printer: &Printer,
) -> Result<(Exit, DriftReport), Failure> {
    let proving = args.prove.settled(session)?;
    let live = session.reader.fetch().await?;
    let plan = planner.plan(session, &live, printer)?;
    let index = proving.look(session, owned(&plan)).await;
    let exit = exit(&plan, index.as_ref());
    let report = DriftReport {
        format_version: DRIFT_FORMAT,
        exit_code: exit.code(),
        plan,
        reindex_owed: Journal::peek(&session.state_dir, &session.label)?.0,
        index,
    };
    Ok((exit, report))
}

/// A difference beats what cannot be told: it stays one, whatever else may be found.
fn exit(plan: &Plan, index: Option<&IndexReport>) -> Exit {
    let index = index.map(|index| index.verdict);
    if !plan.in_sync() || index == Some(ReportedVerdict::Stale) {
        Exit::Changes
    } else if !plan.doubts.is_empty() || index == Some(ReportedVerdict::Unknown) {
        Exit::Error
    } else {
        Exit::Done
    }
}
