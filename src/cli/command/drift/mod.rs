//! `drift`: checks whether the live shop matches the files, for schedules.

mod check;
mod metrics;
mod notify;

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::comparison::ComparisonArgs;
use crate::cli::args::select_target::{SelectedTarget, Selection};
use crate::cli::args::stock_args::refuse_unknown_stocks;
use crate::cli::fleet::{named, side_by_side};
use crate::cli::input::planners::Planners;
use crate::cli::output::fleet_forms::FleetResult;
use crate::cli::output::forms::{FormatArgs, Outputs};
use crate::cli::output::printer::Printer;
use crate::run::{Exit, Failure, Planner};
use check::{Check, Checked};
use metrics::write_metrics;
use notify::no_webhook;

/// Compare the live shop with the files, for schedules: exit 2 on a difference, 0 in sync, 1 if that is unknown.
/// Writes nothing to the shop.
///
/// With `--prove index` a stale index is a difference too, even if the links match the files.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake drift --sandbox
  stocktake drift --target production --prove index
  stocktake drift --target production --stock 'Europe Stock'
  stocktake drift --target production --format text,json=drift.json,html=drift.html
  stocktake drift --target production --notify --metrics /var/lib/node_exporter/stocktake.prom")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(crate) comparison: ComparisonArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Notify the web hooks under `notify` in targets.yaml of news: new or changed drift, back in sync, unknown. The state
    /// directory remembers the last message of each. A failed delivery is tried again on the next run and does not change
    /// the exit code.
    #[arg(long)]
    notify: bool,
    /// Write metrics to a file in the Prometheus text format. A textfile collector wants a name that ends with .prom. They
    /// are about whole targets, so --stock cannot be given with it.
    #[arg(long, value_name = "FILE", conflicts_with = "stocks")]
    metrics: Option<PathBuf>,
}

pub(crate) async fn run(args: &DriftArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let planners = args.comparison.planners(printer);
    let found = match args.comparison.target.find(printer).await {
        Ok(Selection::Several(found)) => return several(args, &outputs, planners, found, printer).await,
        Ok(Selection::One(found)) => Ok(*found),
        Err(failure) => Err(failure),
    };
    let check = Check {
        comparison: &args.comparison,
        notify: args.notify,
        printer,
    };
    let planner = match &found {
        Ok(found) => for_target(&planners, found),
        Err(failure) => planners
            .as_ref()
            .map_err(Failure::clone)
            .and(Err(failure.clone())),
    };
    let checked = check.run(planner, found).await;
    let checked = checked.and_then(Checked::refuse_unknown_stocks);
    let checked = checked.inspect_err(|failure| outputs.failed(failure, printer))?;
    let measured = args.measured(std::slice::from_ref(&checked));
    let (exit, report) = match checked.outcome {
        Ok(found) => found,
        Err(failure) => {
            outputs.failed(&failure, printer);
            return Err(first(failure, measured, printer));
        }
    };
    both(measured, outputs.write_files(&report), printer)
        .map_err(|failure| failure.about(report.warned_plan()))?;
    outputs.print(&report, printer)?;
    Ok(exit)
}

async fn several(
    args: &DriftArgs,
    outputs: &Outputs,
    planners: Result<Planners, Failure>,
    found: Vec<SelectedTarget>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    if args.notify && found.iter().all(|found| found.target.notify.is_empty()) {
        let failure = no_webhook("the targets name");
        outputs.failed(&failure, printer);
        return Err(failure);
    }
    let checked = side_by_side(named(found), printer, |found, printer| {
        let planner = for_target(&planners, &found);
        async move {
            let check = Check {
                comparison: &args.comparison,
                notify: args.notify && !found.target.notify.is_empty(),
                printer: &printer,
            };
            check.run(planner, Ok(found)).await
        }
    });
    let checked = checked.await.into_iter().map(|(_, checked)| checked);
    let checked: Vec<Checked> = checked.collect::<Result<_, _>>()?;
    refuse_unknown_stocks(checked.iter().map(Checked::scope))
        .inspect_err(|failure| outputs.failed(failure, printer))?;
    let measured = args.measured(&checked);
    if let Err(failure) = planners {
        outputs.failed(&failure, printer);
        return Err(first(failure, measured, printer));
    }
    let results = checked
        .into_iter()
        .map(|checked| (checked.target, checked.outcome));
    let report = FleetResult::new("drift", results.collect());
    both(measured, outputs.write_files(&report), printer)?;
    outputs.print(&report, printer)?;
    Ok(report.exit())
}

/// The planner for a target, or why there is none.
fn for_target<'a>(
    planners: &'a Result<Planners, Failure>,
    found: &SelectedTarget,
) -> Result<&'a Planner, Failure> {
    let planners = planners.as_ref().map_err(Failure::clone)?;
    planners.of(&found.target.name).map(AsRef::as_ref)
}

/// Returns the first failure and prints the other one.
fn first(failure: Failure, other: Result<(), Failure>, printer: &Printer) -> Failure {
    if let Err(other) = other {
        printer.complain(&other);
    }
    failure
}

/// Succeeds if both do.
fn both(one: Result<(), Failure>, other: Result<(), Failure>, printer: &Printer) -> Result<(), Failure> {
    match one {
        Ok(()) => other,
        Err(failure) => Err(first(failure, other, printer)),
    }
}

impl DriftArgs {
    /// Writes the metrics file, if one is wanted.
    fn measured(&self, checked: &[Checked]) -> Result<(), Failure> {
        let path = self.metrics.as_ref();
        path.map_or(Ok(()), |path| write_metrics(path, checked))
    }
}
