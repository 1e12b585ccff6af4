//! Runs a target's reindex steps in order, up to the first that fails.

use std::error::Error as _;

use tokio_util::sync::CancellationToken;

use super::index::IndexProver;
use super::index_command::rebuilds_inventory;
use super::outcome::{ReindexBy, ReindexOutcome, StepFailure, StepReport};
use super::process;
use super::step_run::StepRun;
use super::webhook;
use crate::commerce::Tls;
use crate::run::event::{Event, Observer};
use crate::run::journal::{Journal, JournalError};
use crate::target::{Keyring, Reindex, Step, StepKind};

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

    /// Who brings the index up to date.
    pub fn by(&self) -> ReindexBy {
        match self.reindex {
            Reindex::Steps(_) => ReindexBy::Steps,
            Reindex::Cron | Reindex::Absent => ReindexBy::Cron,
        }
    }

    /// True if the target has steps of its own, rather than a cron.
    pub fn has_steps(&self) -> bool {
        self.by() == ReindexBy::Steps
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
        let waits = |step: &Step| matches!(step.kind, StepKind::Wait { .. });
        !steps.iter().any(|step| waits(step) || is_index_run(step))
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
        if let Some(before) = journal.state().cut_off_step()
            && may_run_indexes(steps, before.step)
        {
            observer.notice(Event::StepWasCutOff { began: before.began });
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
                Ok(()) => {
                    let run = StepRun {
                        step,
                        may_run_indexes: may_run_indexes(steps, number),
                        keyring: &self.keyring,
                        tls: &self.tls,
                        prover,
                        recent: &recent,
                        observer,
                    };
                    run.to_its_end(title, cancel).await
                }
                Err(error) => not_begun(title, &error),
            };
            let cut_off = report.cut_off;
            reports.push(report);
            if !recorded(&mut reports, |succeeded| {
                journal.step_ends(number, succeeded, cut_off)
            }) {
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

/// True if a step visibly rebuilds the inventory index.
fn is_index_run(step: &Step) -> bool {
    match &step.kind {
        StepKind::Run { argv, .. } => rebuilds_inventory(argv.iter().map(String::as_str).collect()),
        StepKind::Http(request) => webhook::asks_for_inventory(request),
        StepKind::Wait { .. } => false,
    }
}

/// True if a step, by its number from 1, may run the shop's indexes: it visibly does, or no step visibly does.
fn may_run_indexes(steps: &[Step], number: usize) -> bool {
    let step = number.checked_sub(1).and_then(|at| steps.get(at));
    step.is_some_and(|step| {
        let is_opaque = !matches!(step.kind, StepKind::Wait { .. }) && !steps.iter().any(is_index_run);
        is_index_run(step) || is_opaque
    })
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
        cut_off: false,
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
