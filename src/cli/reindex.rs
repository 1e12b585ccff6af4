//! `reindex`: the target's steps, when a reindex is owed.

use clap::Args;
use serde::Serialize;

use super::args::{Format, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupts, Signal};
use super::printer::Printer;
use super::progress::Progress;
use super::session::Session;
use crate::engine::{Journal, ReindexOutcome};
use crate::report::{ReindexReport, reindex_text};

/// Run the target's reindex steps: when a reindex is owed, or always with --force.
#[derive(Debug, Args)]
pub(crate) struct ReindexArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
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
    let mut journal = Journal::open(&session.state_dir, &session.label)?;
    let outcome = if journal.owed().0 || args.force {
        session
            .reindexer
            .run(&mut journal, &Progress::new(printer), interrupts.hold())
            .await?
    } else {
        ReindexOutcome::NotNeeded
    };
    let exit = match outcome {
        ReindexOutcome::NotNeeded | ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron => Exit::Done,
        ReindexOutcome::Failed(_) | ReindexOutcome::NotTried => {
            interrupts.held().map_or(Exit::Owed, Signal::exit)
        }
    };
    let reindex = ReindexReport::from(&outcome);
    let text = reindex_text(&reindex);
    let printed = match args.format {
        Format::Text => printer.result(&text),
        Format::Json => printer.document(&Document {
            format_version: 1,
            exit_code: exit.code(),
            reindex,
        }),
    };
    printed.unwrap_or_else(|failure| printer.say_unprinted(&failure, &text));
    Ok(exit)
}
