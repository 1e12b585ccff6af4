//! `drift`: whether the live shop is as the files want it, for schedules.

use clap::Args;

use super::exit::Exit;
use super::failure::Failure;
use super::look::LookArgs;
use super::outputs::FormatArgs;
use super::printer::Printer;
use super::prove::owned;
use super::session::Session;
use crate::reconcile::Plan;
use crate::report::{DRIFT_FORMAT, DriftReport, IndexReport, ReportedVerdict};

/// Compare the live shop with the files, for schedules: exit 2 on a difference, 0 in sync, 1 when it cannot be told.
/// Writes nothing to the shop.
///
/// With `--prove index` an index that is stale is a difference too, also where the links are as wanted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake drift --sandbox
  stocktake drift --target production --prove index
  stocktake drift --target production --format text,json=drift.json,html=drift.html")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(super) look: LookArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(crate) async fn run(args: &DriftArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let found = found(args, printer).await;
    let (exit, report) = found.inspect_err(|failure| outputs.failed(failure, printer))?;
    outputs.write(&report, printer)?;
    Ok(exit)
}

async fn found(args: &DriftArgs, printer: &Printer) -> Result<(Exit, DriftReport), Failure> {
    let planner = args.look.planner(printer)?;
    let session = Session::open(&args.look.target).await?;
    let looked = args.look.look(&planner, &session, printer).await?;
    let index = looked.proving.look(&session, owned(&looked.plan)).await;
    let exit = exit(&looked.plan, index.as_ref());
    let report = DriftReport {
        format_version: DRIFT_FORMAT,
        exit_code: exit.code(),
        plan: looked.plan,
        reindex_owed: looked.reindex_owed,
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
