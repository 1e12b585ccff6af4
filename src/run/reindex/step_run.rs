//! Runs one reindex step to its end. Exit code and output decide about it; it is repeated while another run holds an index.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::index::IndexProver;
use super::outcome::{StepFailure, StepReport, left_at_working};
use super::process::{self, Program};
use super::reindex_output::{IndexerResult, result_of};
use super::wait::wait;
use super::webhook;
use crate::commerce::Tls;
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};
use crate::target::{Keyring, Step, StepKind};

/// The first pause before a step that found an index held is repeated; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause: an index run of a real shop takes minutes.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The time after which it is told that a killed run may have left an index held: the index of 20,000 products takes
/// three quarters of a minute (2.4.8/18b-001).
const TOLD_AFTER: Duration = Duration::from_mins(1);

/// One step with all that it needs.
pub(super) struct StepRun<'a> {
    /// The step.
    pub step: &'a Step,
    /// True if it may run the shop's indexes.
    pub may_run_indexes: bool,
    /// The secrets that it must neither see nor print.
    pub keyring: &'a Keyring,
    /// For calls to web hooks.
    pub tls: &'a Tls,
    /// Checks the index, for `wait`.
    pub prover: &'a IndexProver<'a>,
    /// The writes that reads may not show yet.
    pub recent: &'a RecentWrites,
    /// Receives the events.
    pub observer: &'a dyn Observer,
}

impl StepRun<'_> {
    /// Runs the step until it ends, its time is over, or somebody interrupts it.
    pub(super) async fn to_its_end(&self, title: String, cancel: &CancellationToken) -> StepReport {
        let started = Instant::now();
        let stop = CancellationToken::new();
        let at_work = AtomicBool::new(false);
        let mut running = pin!(self.until_unlocked(started, &stop, &at_work));
        let stopped_by = tokio::select! {
            biased;
            () = cancel.cancelled() => StepFailure::Interrupted,
            () = tokio::time::sleep(self.step.timeout) => {
                StepFailure::TimedOut { seconds: self.step.timeout.as_secs() }
            }
            result = &mut running => {
                let failure = result.err();
                let was_killed = failure.as_ref().is_some_and(StepFailure::is_by_signal);
                return report(title, started, failure, self.may_run_indexes && was_killed);
            }
        };
        let cut_off = self.may_run_indexes && at_work.load(Ordering::Relaxed);
        stop.cancel();
        // Its own result does not count: it was stopped.
        let _ = running.await;
        report(title, started, Some(stopped_by), cut_off)
    }

    /// Repeats the step until no other index run is in its way, or it is stopped. What is held for a sixth of the step's time,
    /// and for a minute at least, is not waited for any longer: a killed run may have left it so for ever.
    async fn until_unlocked(
        &self,
        started: Instant,
        stop: &CancellationToken,
        at_work: &AtomicBool,
    ) -> Result<(), StepFailure> {
        let mut pause = FIRST_PAUSE;
        let mut held = Held::default();
        loop {
            if stop.is_cancelled() {
                return Err(StepFailure::Interrupted);
            }
            at_work.store(true, Ordering::Relaxed);
            let result = self.attempt(stop).await;
            at_work.store(false, Ordering::Relaxed);
            let indexes = match result.map_err(|failure| self.masked(failure))? {
                IndexerResult::Rebuilt => return Ok(()),
                IndexerResult::Failed(failure) => return Err(self.masked(failure)),
                IndexerResult::Locked(indexes) => indexes,
            };
            let since = held.since(&indexes);
            let is_over = started.elapsed() + pause >= self.step.timeout
                || since.elapsed() + pause > patience(self.step.timeout);
            if is_over {
                let seconds = since.elapsed().as_secs();
                return Err(self.masked(StepFailure::Locked { indexes, seconds }));
            }
            self.observer.notice(Event::IndexLocked {
                pause: pause.as_secs(),
            });
            if held.is_to_be_told() {
                let hint = left_at_working(&indexes);
                self.observer.notice(Event::IndexHeldForLong {
                    seconds: since.elapsed().as_secs(),
                    hint: &self.keyring.mask().masked(&hint),
                });
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return Err(StepFailure::Interrupted),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn attempt(&self, stop: &CancellationToken) -> Result<IndexerResult, StepFailure> {
        match &self.step.kind {
            StepKind::Run { argv, pass_env } => {
                let program = Program {
                    argv,
                    pass_env,
                    keyring: self.keyring,
                };
                let output = process::run(&program, self.observer, stop).await?;
                let words = argv.iter().map(String::as_str);
                Ok(result_of(words, output.exit_code, &output.printed))
            }
            StepKind::Http(request) => tokio::select! {
                verdict = webhook::call(request, self.keyring, self.tls, self.observer) => verdict,
                () = stop.cancelled() => Err(StepFailure::Interrupted),
            },
            StepKind::Wait { interval } => tokio::select! {
                waited = wait(self.prover, self.recent, *interval, self.step.timeout, self.observer) => waited,
                () = stop.cancelled() => Err(StepFailure::Interrupted),
            },
        }
    }

    /// The failure with secrets masked in what was printed.
    fn masked(&self, failure: StepFailure) -> StepFailure {
        let mask = self.keyring.mask();
        let masked = |text: String| mask.masked(&text).into_owned();
        match failure {
            StepFailure::NotRebuilt { code, detail } => StepFailure::NotRebuilt {
                code,
                detail: masked(detail),
            },
            StepFailure::Webhook { detail } => StepFailure::Webhook {
                detail: masked(detail),
            },
            StepFailure::Locked { indexes, seconds } => StepFailure::Locked {
                indexes: indexes.into_iter().map(masked).collect(),
                seconds,
            },
            other => other,
        }
    }
}

fn report(step: String, started: Instant, failure: Option<StepFailure>, cut_off: bool) -> StepReport {
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    StepReport {
        step,
        milliseconds,
        failure,
        cut_off,
    }
}

/// The longest time for which the same indexes are waited for. A shop whose index runs take long has a long timeout.
fn patience(timeout: Duration) -> Duration {
    (timeout / 6).max(TOLD_AFTER)
}

/// The indexes that another run holds, and since when they were found so.
#[derive(Default)]
struct Held {
    found: Option<(Vec<String>, Instant)>,
    was_told: bool,
}

impl Held {
    /// Since when the same indexes are held. Others show that a run is at work: the time begins anew.
    fn since(&mut self, indexes: &[String]) -> Instant {
        match &self.found {
            Some((same, since)) if same == indexes => *since,
            _ => {
                let now = Instant::now();
                self.found = Some((indexes.to_vec(), now));
                now
            }
        }
    }

    /// True once, after the same indexes were held for long.
    fn is_to_be_told(&mut self) -> bool {
        let is_long = |(_, since): &(Vec<String>, Instant)| since.elapsed() >= TOLD_AFTER;
        let is_first = !self.was_told && self.found.as_ref().is_some_and(is_long);
        self.was_told |= is_first;
        is_first
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Held, TOLD_AFTER, patience};

    #[test]
    fn an_index_that_stays_held_is_not_waited_for_all_the_time() {
        for (timeout, longest) in [
            (Duration::from_secs(1), TOLD_AFTER),
            (Duration::from_mins(6), TOLD_AFTER),
            (Duration::from_mins(30), Duration::from_mins(5)),
            (Duration::from_hours(3), Duration::from_mins(30)),
        ] {
            assert_eq!(patience(timeout), longest, "{timeout:?}");
        }
    }

    #[test]
    fn only_the_same_indexes_count_as_held_for_long() {
        let [inventory, price] = ["Inventory", "Product Price"].map(|title| vec![title.to_owned()]);
        let mut held = Held::default();
        let since = held.since(&inventory);
        assert_eq!(held.since(&inventory), since);
        assert!(!held.is_to_be_told(), "it has just been found");
        let long_ago = Instant::now()
            .checked_sub(TOLD_AFTER)
            .expect("the clock runs since long");
        held.found = Some((inventory.clone(), long_ago));
        assert_eq!(held.since(&inventory), long_ago);
        assert!(held.is_to_be_told());
        assert!(!held.is_to_be_told(), "it was told");
        assert!(
            held.since(&price) > long_ago,
            "another index is held: a run is at work"
        );
    }
}
