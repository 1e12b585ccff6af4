//! `apply`: plan, ask, write, prove, reindex.

mod fleet;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use crate::cli::args::select_target::Selection;
use crate::cli::args::stock_args::StockArgs;
use crate::cli::args::write_args::WriteArgs;
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::confirm;
use crate::cli::input::files::read_files;
use crate::cli::input::plan_file;
use crate::cli::input::planners::{Planners, of_target};
use crate::cli::output::printer::Printer;
use crate::run::{ApplyRequest, Exit, Failure, Interrupts};
use fleet::ApplyFleet;

/// Plan, ask, write the links that differ, prove the result, reindex.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake apply --sandbox --yes
  stocktake apply --target production
  stocktake apply --target production plan.json
  stocktake apply --target production --stock 'Europe Stock'
  stocktake apply --target staging,production      both, side by side, after one question
  stocktake apply --target production --yes --allow 'delete-percent=Europe Stock'")]
pub(crate) struct ApplyArgs {
    /// A plan saved with `plan --out`. It is applied exactly as it is; if the target, the files, the live state or the
    /// version has changed, or the plan has expired, nothing is applied (exit 4). It keeps the guard overrides that it was
    /// made with, and compares the stocks that it was made for; no others can be given.
    #[arg(value_name = "PLAN", conflicts_with_all = ["allow", "stocks"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    stocks: StockArgs,
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) async fn run(
    args: &ApplyArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    args.write.prepare("apply", printer)?;
    let request = if let Some(path) = &args.plan {
        saved(args, path, printer).await?
    } else {
        let planners = Planners::read(&args.files, &args.guards, &args.target, printer, |planner| {
            planner.comparing(args.stocks.scope())
        })?;
        match args.target.find(printer).await? {
            Selection::One(target) => {
                let planner = Arc::clone(planners.of(&target.target.name)?);
                ApplyRequest::new(planner, target.open().await?)
            }
            Selection::Several(targets) => {
                return ApplyFleet::new(planners, &args.write, printer)
                    .run(targets, interrupts)
                    .await;
            }
        }
    };
    let run = confirm::open(request, &args.write, "apply", printer).await?;
    confirm::apply(run, &args.write, printer, interrupts).await
}

/// The request for a saved plan.
async fn saved(args: &ApplyArgs, path: &Path, printer: &Printer) -> Result<ApplyRequest, Failure> {
    let saved = plan_file::read_to_apply(path)?;
    let Selection::One(target) = args.target.find(printer).await? else {
        return Err(Failure::usage("PLAN: a saved plan is for one target")
            .hint("name that target alone; without PLAN several are planned and applied at once"));
    };
    let paths = args.files.of(&target.target, &args.target.place.typed);
    let files = read_files(&paths, printer).map_err(|failure| of_target(failure, &target.target))?;
    let session = target.open().await?;
    let planner = saved.planner(files, &session.rules.label, Timestamp::now());
    let planner = planner.inspect_err(|failure| printer.stale(failure))?;
    printer.warnings(&planner.warnings, &planner.files);
    Ok(ApplyRequest {
        saved: Some(saved),
        ..ApplyRequest::new(planner, session)
    })
}
