//! `reindex`: runs the target's steps if a reindex is owed.

use std::sync::Arc;

use clap::Args;

use crate::cli::args::locking::LockArgs;
use crate::cli::args::prove::ProveArgs;
use crate::cli::args::select_target::{Selection, distinct};
use crate::cli::args::{Format, TargetsArgs};
use crate::cli::environment::columns;
use crate::cli::fleet::{Reporter, named, side_by_side};
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::report::{IndexReport, REINDEX_FORMAT, ReindexReport, ReindexRunReport};
use crate::run::{Exit, Failure, Interrupts, ReindexMode, ReindexOutcome, ReindexSession, Session};

/// Run the target's reindex steps if a reindex is owed, or always with --force.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake reindex --target production           run the steps if a reindex is owed
  stocktake reindex --target production --done    the shop's cron has run: nothing is owed any more")]
pub(crate) struct ReindexArgs {
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// Run the steps even if none is owed.
    #[arg(long, conflicts_with = "done")]
    force: bool,
    /// Run nothing, and note that the shop has reindexed since the last write, by its cron or by hand.
    #[arg(long, conflicts_with = "prove")]
    done: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(
    args: &ReindexArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    let reporter = Reporter::new("reindex", args.format, printer);
    match args.target.find(printer).await? {
        Selection::One(target) => {
            let run = open(args, target.open().await?, printer).await?;
            let report = finish(run, printer, interrupts).await?;
            let (exit, report) = (report.exit_code, report.into());
            Ok(match reporter.one(&report) {
                Ok(()) => exit,
                Err(failure) => printer.say_unprinted(&failure, &report.text(columns()), false, exit),
            })
        }
        Selection::Several(targets) => {
            distinct(&targets)?;
            // All targets are locked before any holds a signal back: until then the first signal ends the command.
            let runs = side_by_side(named(targets), printer, |target, printer| async move {
                open(args, target.open().await?, &printer).await
            });
            let done = side_by_side(runs.await, printer, |run, printer| async move {
                let report = finish(run?, &printer, interrupts).await?;
                Ok((report.exit_code, report))
            });
            Ok(reporter.several_done(done.await))
        }
    }
}

async fn open(args: &ReindexArgs, session: Session, printer: &Printer) -> Result<ReindexSession, Failure> {
    let index_check = args.prove.index_check(&session)?;
    let mode = match (args.force, args.done) {
        (true, _) => ReindexMode::Always,
        (false, true) => ReindexMode::DeclareDone,
        (false, false) => ReindexMode::IfOwed,
    };
    let progress = Arc::new(Progress::new(printer));
    ReindexSession::open(session, index_check, mode, args.lock.timeout(), progress).await
}

async fn finish(
    run: ReindexSession,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<ReindexRunReport, Failure> {
    let done = run.run(interrupts).await?;
    let reindex = done.refreshed.as_ref().map(|refreshed| &refreshed.reindex);
    if matches!(reindex, Some(ReindexOutcome::LeftToCron)) && done.is_owed {
        printer.note(
            "It stays owed until the index shows that cron has run, by `stocktake drift`, or you say so: `stocktake reindex --done`",
        );
    }
    let index = done
        .refreshed
        .as_ref()
        .and_then(|refreshed| refreshed.index.as_ref());
    Ok(ReindexRunReport {
        format_version: REINDEX_FORMAT,
        exit_code: done.exit,
        reindex: reindex.map_or(ReindexReport::Declared, ReindexReport::from),
        reindex_by: done.reindex_by,
        index: index.map(IndexReport::from),
    })
}
