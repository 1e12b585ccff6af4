//! `apply`: plan, ask, write, prove, reindex.

mod fleet;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::cli::apply_run::{Run, Wish};
use crate::cli::args::select_target::Chosen;
use crate::cli::args::write_args::Manner;
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::command::apply::fleet::ApplySeveral;
use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::files::read_files;
use crate::cli::input::plan_file::Saved;
use crate::cli::interrupt::Interrupts;
use crate::cli::output::printer::Printer;

/// Plan, ask, write the links that differ, prove the result, reindex.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake apply --sandbox --yes
  stocktake apply --target production
  stocktake apply --target production plan.json
  stocktake apply --target staging,production      both, side by side, after one question
  stocktake apply --target production --yes --allow 'delete-percent=Europe Stock'")]
pub(crate) struct ApplyArgs {
    /// A plan that was saved with `plan --out`: exactly this is applied, or nothing (exit 4) when the target, the files,
    /// the live state or the version has changed since, or the plan has expired. It brings the allowances that it was
    /// made with; no others can be given.
    #[arg(value_name = "PLAN", conflicts_with = "allow")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(
    args: &ApplyArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    args.manner.prepare("apply", printer)?;
    let wish = if let Some(path) = &args.plan {
        saved(args, path, printer).await?
    } else {
        let planner = Arc::new(Planner::new(&args.files, &args.guards, printer)?);
        match args.target.find(printer).await? {
            Chosen::One(found) => Wish::of(planner, found.open().await?),
            Chosen::Several(shops) => {
                return ApplySeveral::new(planner, &args.manner, printer)
                    .run(shops, interrupts)
                    .await;
            }
        }
    };
    let run = Run::open(wish, &args.manner, "apply", printer).await?;
    run.carry_out(printer, interrupts).await
}

/// The wish of a saved plan.
async fn saved(args: &ApplyArgs, path: &Path, printer: &Printer) -> Result<Wish, Failure> {
    let saved = Saved::read_to_apply(path)?;
    let files = read_files(&args.files.files, printer)?;
    let Chosen::One(found) = args.target.find(printer).await? else {
        return Err(Failure::usage("PLAN: a saved plan is for one target")
            .hint("name that target alone; without PLAN several are planned and applied at once"));
    };
    let session = found.open().await?;
    Ok(Wish {
        planner: Arc::new(saved.planner(files, &session, printer)?),
        session,
        saved: Some(saved),
    })
}
