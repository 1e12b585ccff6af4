//! `reindex`: the target's steps, when a reindex is owed.

use clap::Args;

use super::args::{Format, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupts, Signal};
use super::printer::Printer;
use super::progress::Progress;
use super::prove::ProveArgs;
use super::session::Session;
use super::writing::{LockArgs, open_journal, settle};
use crate::engine::{Refresh, Refreshed, ReindexOutcome, Scope};
use crate::report::{IndexReport, REINDEX_FORMAT, ReindexReport, ReindexRunReport, index_text, reindex_text};

/// Run the target's reindex steps: when a reindex is owed, or always with --force.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake reindex --target production           run the steps if a reindex is owed
  stocktake reindex --target production --done    the shop's cron has run: nothing is owed any more")]
pub(crate) struct ReindexArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
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

fn exit(refreshed: &Refreshed, interrupts: &Interrupts) -> Exit {
    if refreshed.is_complete() {
        return Exit::Done;
    }
    interrupts.held().map_or(Exit::Owed, Signal::exit)
}

pub(crate) async fn run(
    args: &ReindexArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let session = Session::open(&args.target).await?;
    let proving = args.prove.settled(&session)?;
    let progress = Progress::new(printer);
    let mut journal = open_journal(&session, &args.lock, "reindex", &progress).await?;
    if journal.owed().0 || args.force {
        // A write that arrives while the index is rebuilt would be missing from it.
        settle(&session, &mut journal, &progress, &|_, _| false).await?;
    }
    let mut index = None;
    let (reindex, exit) = if args.done && journal.owed().0 {
        journal.reindex_declared()?;
        (ReindexReport::Declared, Exit::Done)
    } else {
        let refresh = Refresh {
            journal: &mut journal,
            reindexer: &session.reindexer,
            prover: &proving.prover(&session, Scope::Custom),
            prove: proving.timeout,
            observer: &progress,
            cancel: interrupts.hold(),
        };
        let refreshed = refresh.run(args.force).await?;
        if matches!(refreshed.reindex, ReindexOutcome::LeftToCron) && journal.owed().0 {
            printer.note("It stays owed until you say that the cron has run: `stocktake reindex --done`");
        }
        index = refreshed.index.as_ref().map(IndexReport::from);
        (
            ReindexReport::from(&refreshed.reindex),
            exit(&refreshed, interrupts),
        )
    };
    let text = reindex_text(&reindex) + &index.as_ref().map(index_text).unwrap_or_default();
    let printed = match args.format {
        Format::Text => printer.result(&text),
        Format::Json => printer.document(&ReindexRunReport {
            format_version: REINDEX_FORMAT,
            exit_code: exit.code(),
            reindex,
            index,
        }),
    };
    printed.unwrap_or_else(|failure| printer.say_unprinted(&failure, &text));
    Ok(exit)
}
