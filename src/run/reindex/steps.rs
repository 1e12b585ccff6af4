//! Runs a target's reindex steps in order. Exit code and output decide about each; a step is repeated while the index is locked.

use std::error::Error as _;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::index::IndexProver;
use super::index_command::rebuilds_inventory;
use super::outcome::{ReindexOutcome, StepFailure, StepReport};
use super::process::{self, Program};
use super::reindex_output::{IndexerResult, indexer_result};
use super::wait::wait;
use super::webhook;
use crate::commerce::Tls;
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};
use crate::run::journal::{Journal, JournalError};
use crate::target::{Keyring, Reindex, Step, StepKind};

/// The first pause before a step that found the index locked is repeated; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause: an index run of a real shop takes minutes.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Runs a target's reindex steps.
#[derive(Debug, Clone)]
pub struct Reindexer {
    reindex: Reindex,
    keyring: Keyring,
    tls: Tls,
}

impl Reindexer {
    /// `keyring` holds the secrets that the steps must neither see nor print; `tls` is for calls to web hooks.
    #[must_use]
    pub fn new(reindex: Reindex, keyring: Keyring, tls: Tls) -> Self {
        Self {
            reindex,
            keyring,
            tls,
        }
    }

    /// True if the target has steps of its own, rather than a cron.
    pub fn has_steps(&self) -> bool {
        matches!(self.reindex, Reindex::Steps(_))
    }

    /// True if the targets file does not say how the target reindexes.
    pub fn is_unsaid(&self) -> bool {
        matches!(self.reindex, Reindex::Absent)
    }

    /// True if the target has steps, and none of them visibly rebuilds the inventory index or waits for it. Then only their
    /// success says that it is rebuilt.
    pub fn is_taken_at_its_word(&self) -> bool {
        let Reindex::Steps(steps) = &self.reindex else {
            return false;
        };
        !steps.iter().any(|step| match &step.kind {
            StepKind::Run { argv, .. } => rebuilds_inventory(argv.iter().map(String::as_str).collect()),
            StepKind::Http(request) => webhook::asks_for_inventory(request),
            StepKind::Wait { .. } => true,
        })
    }

    /// Checks whether each step could be started, without starting any.
    pub fn readiness(&self) -> Vec<Readiness> {
        let Reindex::Steps(steps) = &self.reindex else {
            return Vec::new();
        };
        steps.iter().map(readiness).collect()
    }

    /// Runs the steps in order up to the first that fails. Before the first step the journal records the start, and whether
    /// an index proof follows.
    pub(super) async fn run(
        &self,
        journal: &mut Journal,
        to_be_proven: bool,
        observer: &dyn Observer,
        cancel: &CancellationToken,
        prover: &IndexProver<'_>,
    ) -> Result<ReindexOutcome, JournalError> {
        let Reindex::Steps(steps) = &self.reindex else {
            return Ok(ReindexOutcome::LeftToCron);
        };
        if cancel.is_cancelled() {
            return Ok(ReindexOutcome::NotTried);
        }
        journal.reindex_begins(steps.len(), to_be_proven)?;
        let recent = journal.recent_writes(prover.reader.consistency());
        let mut reports: Vec<StepReport> = Vec::with_capacity(steps.len());
        for (step, number) in steps.iter().zip(1..) {
            let title = step.to_string();
            observer.notice(Event::StepBegins {
                number,
                of: steps.len(),
                title: &title,
            });
            // A step may take longer than the requests of the whole run.
            let _own_time = prover.reader.pause_deadline();
            let report = match journal.step_begins(number) {
                Ok(()) => run_step(step, title, self, observer, cancel, prover, &recent).await,
                Err(error) => not_begun(title, &error),
            };
            reports.push(report);
            if !recorded(&mut reports, |succeeded| journal.step_ends(number, succeeded)) {
                break;
            }
        }
        let succeeded = recorded(&mut reports, |succeeded| journal.reindex_ends(succeeded));
        Ok(if succeeded {
            ReindexOutcome::Done(reports)
        } else {
            ReindexOutcome::Failed(reports)
        })
    }
}

/// Records the result of the last step. A success that could not be recorded counts as a failure: the next run cannot know
/// of it, so the reindex stays owed.
fn recorded(reports: &mut [StepReport], record: impl FnOnce(bool) -> Result<(), JournalError>) -> bool {
    let succeeded = reports.iter().all(|report| report.failure.is_none());
    if let (Err(error), Some(last)) = (record(succeeded), reports.last_mut()) {
        last.failure.get_or_insert(StepFailure::NotRecorded {
            detail: with_cause(&error),
        });
        return false;
    }
    succeeded
}

fn not_begun(step: String, error: &JournalError) -> StepReport {
    let failure = StepFailure::NotStarted {
        program: step.clone(),
        error: with_cause(error),
    };
    StepReport {
        step,
        milliseconds: 0,
        failure: Some(failure),
    }
}

/// An error with its cause.
fn with_cause(error: &JournalError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The check whether a step could be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// True if it could be started.
    pub ready: bool,
    /// The step, or what is missing.
    pub detail: String,
}

fn readiness(step: &Step) -> Readiness {
    match &step.kind {
        StepKind::Run { argv, .. } => {
            let program = argv.first().map(String::as_str).unwrap_or_default();
            match process::find(program) {
                Some(path) => Readiness {
                    ready: true,
                    detail: format!("{} (not run)", path.display()),
                },
                None => Readiness {
                    ready: false,
                    detail: format!("the program `{program}` is not found"),
                },
            }
        }
        StepKind::Wait { interval } => Readiness {
            ready: true,
            detail: format!("{step}, a look each {} s", interval.as_secs()),
        },
        StepKind::Http(_) => Readiness {
            ready: true,
            detail: format!("{step} (not called)"),
        },
    }
}

async fn run_step(
    step: &Step,
    title: String,
    with: &Reindexer,
    observer: &dyn Observer,
    cancel: &CancellationToken,
    prover: &IndexProver<'_>,
    recent: &RecentWrites,
) -> StepReport {
    let started = Instant::now();
    let stop = CancellationToken::new();
    let mut running = pin!(until_unlocked(
        step, with, started, observer, &stop, prover, recent
    ));
    let stopped_by = tokio::select! {
        biased;
        () = cancel.cancelled() => StepFailure::Interrupted,
        () = tokio::time::sleep(step.timeout) => StepFailure::TimedOut { seconds: step.timeout.as_secs() },
        result = &mut running => return report(title, started, result.err()),
    };
    stop.cancel();
    // Its own result does not count: it was stopped.
    let _ = running.await;
    report(title, started, Some(stopped_by))
}

fn report(step: String, started: Instant, failure: Option<StepFailure>) -> StepReport {
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    StepReport {
        step,
        milliseconds,
        failure,
    }
}

/// Repeats a step until no other index run blocks it, no time is left, or it is stopped.
async fn until_unlocked(
    step: &Step,
    with: &Reindexer,
    started: Instant,
    observer: &dyn Observer,
    stop: &CancellationToken,
    prover: &IndexProver<'_>,
    recent: &RecentWrites,
) -> Result<(), StepFailure> {
    let mut pause = FIRST_PAUSE;
    loop {
        if stop.is_cancelled() {
            return Err(StepFailure::Interrupted);
        }
        match attempt(step, with, observer, stop, prover, recent).await? {
            IndexerResult::Rebuilt => return Ok(()),
            IndexerResult::NotRebuilt(detail) => {
                let detail = with.keyring.mask().masked(&detail).into_owned();
                return Err(StepFailure::NotRebuilt { detail });
            }
            IndexerResult::Locked if started.elapsed() + pause >= step.timeout => {
                return Err(StepFailure::Locked);
            }
            IndexerResult::Locked => {
                observer.notice(Event::IndexLocked {
                    pause: pause.as_secs(),
                });
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => return Err(StepFailure::Interrupted),
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

async fn attempt(
    step: &Step,
    with: &Reindexer,
    observer: &dyn Observer,
    stop: &CancellationToken,
    prover: &IndexProver<'_>,
    recent: &RecentWrites,
) -> Result<IndexerResult, StepFailure> {
    match &step.kind {
        StepKind::Run { argv, pass_env } => {
            let program = Program {
                argv,
                pass_env,
                keyring: &with.keyring,
            };
            let output = process::run(&program, observer, stop).await?;
            if output.exit_code != 0 {
                return Err(StepFailure::ExitCode {
                    code: output.exit_code,
                });
            }
            Ok(indexer_result(argv.iter().map(String::as_str), &output.stdout))
        }
        StepKind::Http(request) => tokio::select! {
            verdict = webhook::call(request, &with.keyring, &with.tls, observer) => verdict,
            () = stop.cancelled() => Err(StepFailure::Interrupted),
        },
        StepKind::Wait { interval } => tokio::select! {
            waited = wait(prover, recent, *interval, step.timeout, observer) => waited,
            () = stop.cancelled() => Err(StepFailure::Interrupted),
        },
    }
}
