//! `apply`: plan, ask, write, prove, reindex.

use std::path::PathBuf;

use clap::Args;

use super::args::{FileArgs, GuardArgs, TargetArgs};
use super::carry_out::{Run, Wish};
use super::exit::Exit;
use super::failure::Failure;
use super::files::read_files;
use super::interrupt::Interrupts;
use super::manner::Manner;
use super::plan::Planner;
use super::printer::Printer;
use super::progress::Progress;
use super::saved::Saved;
use super::session::Session;

/// Plan, ask, write the links that differ, prove the result, reindex.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake apply --sandbox --yes
  stocktake apply --target production
  stocktake apply --target production plan.json
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
    pub(super) target: TargetArgs,
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
    let wish = wish(args, printer).await?;
    let proving = args.manner.prove.settled(&wish.session)?;
    let progress = Progress::new(printer);
    let journal = args.manner.journal(&wish.session, "apply", &progress).await?;
    let run = Run {
        wish,
        journal,
        progress,
        proving,
        manner: &args.manner,
    };
    run.carry_out(printer, interrupts).await
}

/// The wish of the files, or of a saved plan.
async fn wish(args: &ApplyArgs, printer: &Printer) -> Result<Wish, Failure> {
    let Some(path) = &args.plan else {
        let planner = Planner::new(&args.files, &args.guards, printer)?;
        return Ok(Wish::of(planner, Session::open(&args.target).await?));
    };
    let saved = Saved::read_to_apply(path)?;
    let files = read_files(&args.files.files)?;
    let session = Session::open(&args.target).await?;
    Ok(Wish {
        planner: saved.planner(files, &session, printer)?,
        session,
        saved: Some(saved),
    })
}
