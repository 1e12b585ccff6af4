//! What every command that changes a target begins with: no other run is at work on it, and no write is left unsettled.

use std::time::{Duration, Instant};

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cli::failure::Failure;
use crate::cli::output::progress::Progress;
use crate::cli::session::Session;
use crate::model::LiveState;
use crate::run::{InDoubtWrites, Journal, OpenWrite, Opening, Unresolved};
use crate::target::parse_duration;

/// How patient a command is with another one.
#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// Wait that long for another run on the same target to end, such as 90s or 10m; without it the command gives up at once.
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Target")]
    pub lock_timeout: Option<Duration>,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("a whole number with `s`, `m` or `h`, from 1s to 24h")
}

/// Opens the journal of a target for a command; the wait for another run takes nothing off the time of this one. Nothing is held yet: a first signal ends the wait and the command.
pub(crate) async fn open_journal(
    session: &Session,
    lock: &LockArgs,
    command: &'static str,
    progress: &Progress,
) -> Result<Journal, Failure> {
    let opening = Opening {
        command,
        max_wait: lock.lock_timeout.unwrap_or_default(),
    };
    let began = Instant::now();
    let journal = Journal::open(&session.state_dir, &session.label, opening, progress).await?;
    session.reader.extend(began.elapsed());
    Ok(journal)
}

/// Waits until no write of an earlier run can arrive any more, but for harmless ones; a first signal ends the wait and
/// the command.
pub(crate) async fn settle(
    session: &Session,
    journal: &mut Journal,
    progress: &Progress,
    is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
) -> Result<(), Failure> {
    let arrivals = InDoubtWrites {
        reader: &session.reader,
        journal,
        observer: progress,
        cancel: &CancellationToken::new(),
    };
    arrivals
        .settle(is_harmless)
        .await
        .map_err(|unsettled| match unsettled {
            Unresolved::Journal(error) => error.into(),
            Unresolved::Interrupted => Failure::error("interrupted; nothing was written"),
        })
}
