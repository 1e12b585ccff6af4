//! `reindex`: the target's steps, when a reindex is owed.

use clap::Args;
use serde::Serialize;

use super::args::{Format, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupts, Signal};
use super::printer::Printer;
use super::progress::Progress;
use super::prove::ProveArgs;
use super::session::Session;
use crate::engine::{Journal, Refresh, Scope};
use crate::report::{IndexReport, ReindexReport, index_text, reindex_text};

/// Run the target's reindex steps: when a reindex is owed, or always with --force.
#[derive(Debug, Args)]
pub(crate) struct ReindexArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// Run the steps even if none is owed.
    #[arg(long)]
    force: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Document {
    format_version: u32,
    exit_code: u8,
    reindex: ReindexReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<IndexReport>,
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
    let mut journal = Journal::open(&session.state_dir, &session.label)?;
    let refresh = Refresh {
        journal: &mut journal,
        reindexer: &session.reindexer,
        prover: &proving.prover(&session, Scope::Custom),
        prove: proving.timeout,
        observer: &Progress::new(printer),
        cancel: interrupts.hold(),
    };
    let refreshed = refresh.run(args.force).await?;
    let exit = if refreshed.is_complete() {
        Exit::Done
    } else {
        interrupts.held().map_or(Exit::Owed, Signal::exit)
    };
    let reindex = ReindexReport::from(&refreshed.reindex);
    let index = refreshed.index.as_ref().map(IndexReport::from);
    let text = reindex_text(&reindex) + &index.as_ref().map(index_text).unwrap_or_default();
    let printed = match args.format {
        Format::Text => printer.result(&text),
        Format::Json => printer.document(&Document {
            format_version: 1,
            exit_code: exit.code(),
            reindex,
            index,
        }),
    };
    printed.unwrap_or_else(|failure| printer.say_unprinted(&failure, &text));
    Ok(exit)
}
