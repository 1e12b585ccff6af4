//! `apply`: plan, ask, write, prove, reindex.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::apply_several::ApplySeveral;
use super::args::{FileArgs, GuardArgs, TargetsArgs};
use super::carry_out::{Run, Wish};
use super::choose::Chosen;
use super::exit::Exit;
use super::failure::Failure;
use super::files::read_files;
use super::interrupt::Interrupts;
use super::manner::Manner;
use super::plan::Planner;
use super::printer::Printer;
use super::saved::Saved;

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
    pub(super) target: TargetsArgs,
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
