//! `drift`: whether the live shop is as the files want it, for schedules.

use std::path::PathBuf;

use clap::Args;

use super::check::Check;
use super::exit::Exit;
use super::failure::Failure;
use super::look::LookArgs;
use super::metrics::write_metrics;
use super::outputs::FormatArgs;
use super::printer::Printer;
use super::session::Found;

/// Compare the live shop with the files, for schedules: exit 2 on a difference, 0 in sync, 1 when it cannot be told.
/// Writes nothing to the shop.
///
/// With `--prove index` an index that is stale is a difference too, also where the links are as wanted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake drift --sandbox
  stocktake drift --target production --prove index
  stocktake drift --target production --format text,json=drift.json,html=drift.html
  stocktake drift --target production --notify --metrics /var/lib/node_exporter/stocktake.prom")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(super) look: LookArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Tell the web hooks under `notify` in targets.yaml what is new to them: new or changed drift, back in sync, cannot
    /// be told. What each was told last is remembered in the state directory. One that cannot be told now is told on the
    /// next run; the exit code stays.
    #[arg(long)]
    notify: bool,
    /// Write what was measured to a file, as Prometheus reads it; the name of a textfile collector's file ends with .prom.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

pub(crate) async fn run(args: &DriftArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let check = Check {
        look: &args.look,
        notify: args.notify,
        printer,
    };
    let planner = args.look.planner(printer);
    let found = Found::find(&args.look.target).await;
    let checked = check.run(planner, found).await?;
    let measured = match &args.metrics {
        Some(path) => write_metrics(path, std::slice::from_ref(&checked)),
        None => Ok(()),
    };
    let (exit, report) = checked
        .outcome
        .inspect_err(|failure| outputs.failed(failure, printer))?;
    let written = outputs.write_files(&report);
    measured
        .and(written)
        .map_err(|failure| failure.about(report.warned_plan()))?;
    outputs.print(&report, printer)?;
    Ok(exit)
}
