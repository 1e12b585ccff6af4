//! `reindex`: the target's steps, when a reindex is owed.

use std::time::Instant;

use clap::Args;

use crate::cli::args::locking::{LockArgs, open_journal, settle};
use crate::cli::args::prove::{ProveArgs, Proving};
use crate::cli::args::select_target::{Chosen, distinct};
use crate::cli::args::{Format, TargetsArgs};
use crate::cli::environment::columns;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fleet::{Telling, named, results, side_by_side, worst};
use crate::cli::interrupt::{Interrupts, Signal};
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::cli::session::Session;
use crate::report::{IndexReport, REINDEX_FORMAT, ReindexReport, ReindexRunReport};
use crate::run::{Journal, JournalError, ReindexOutcome, ReindexRun, ReindexRunResult, Scope};

/// Run the target's reindex steps: when a reindex is owed, or always with --force.
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
    /// Run nothing: the shop has reindexed since the last write, by its cron or by hand, and nothing is owed any more.
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
    let telling = Telling::new("reindex", args.format, printer);
    match args.target.find(printer).await? {
        Chosen::One(found) => {
            let begun = Begun::open(args, found.open().await?, printer).await?;
            let (exit, report) = begun.carry_out(args, printer, interrupts).await?;
            let report = report.into();
            Ok(match telling.one(&report) {
                Ok(()) => exit,
                Err(failure) => printer.say_unprinted(&failure, &report.text(columns()), false, exit),
            })
        }
        Chosen::Several(shops) => {
            distinct(&shops)?;
            // All are begun before any holds a signal back: until then the first one ends the command.
            let begun = side_by_side(named(shops), printer, |shop, printer| async move {
                Begun::open(args, shop.open().await?, &printer).await
            });
            let done = side_by_side(begun.await, printer, |begun, printer| async move {
                begun?.carry_out(args, &printer, interrupts).await
            });
            let results = results(done.await);
            let exit = worst(&results);
            Ok(telling.several_done(results, exit))
        }
    }
}

/// A reindex of a target that no other run is at work on.
struct Begun {
    session: Session,
    proving: Proving,
    progress: Progress,
    journal: Journal,
    since: Instant,
}

impl Begun {
    async fn open(args: &ReindexArgs, session: Session, printer: &Printer) -> Result<Self, Failure> {
        let proving = args.prove.settled(&session)?;
        let progress = Progress::new(printer);
        let mut journal = open_journal(&session, &args.lock, "reindex", &progress).await?;
        if journal.owed().0 || args.force {
            // A write that arrives while the index is rebuilt would be missing from it.
            settle(&session, &mut journal, &progress, &|_, _| false).await?;
        }
        Ok(Self {
            session,
            proving,
            progress,
            journal,
            since: Instant::now(),
        })
    }

    async fn carry_out(
        mut self,
        args: &ReindexArgs,
        printer: &Printer,
        interrupts: &Interrupts,
    ) -> Result<(Exit, ReindexRunReport), Failure> {
        // The time for other targets to be begun is not that of this run.
        self.session.reader.extend(self.since.elapsed());
        let mut index = None;
        let (reindex, exit) = if args.done && self.journal.owed().0 {
            self.journal.reindex_declared()?;
            (ReindexReport::Declared, Exit::Done)
        } else {
            let refreshed = self.refreshed(args, interrupts).await?;
            if matches!(refreshed.reindex, ReindexOutcome::LeftToCron) && self.journal.owed().0 {
                printer.note("It stays owed until you say that the cron has run: `stocktake reindex --done`");
            }
            index = refreshed.index.as_ref().map(IndexReport::from);
            (
                ReindexReport::from(&refreshed.reindex),
                exit(&refreshed, interrupts),
            )
        };
        let report = ReindexRunReport {
            format_version: REINDEX_FORMAT,
            exit_code: exit.code(),
            reindex,
            index,
        };
        Ok((exit, report))
    }

    async fn refreshed(
        &mut self,
        args: &ReindexArgs,
        interrupts: &Interrupts,
    ) -> Result<ReindexRunResult, JournalError> {
        let refresh = ReindexRun {
            journal: &mut self.journal,
            reindexer: &self.session.reindexer,
            prover: &self.proving.prover(&self.session, Scope::Custom),
            prove: self.proving.timeout,
            observer: &self.progress,
            cancel: interrupts.hold(),
        };
        refresh.run(args.force).await
    }
}

fn exit(refreshed: &ReindexRunResult, interrupts: &Interrupts) -> Exit {
    if refreshed.is_complete() {
        return Exit::Done;
    }
    interrupts.held().map_or(Exit::Owed, Signal::exit)
}
