//! Verifies a failed write batch by reading, and retries it when that is safe.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::attempts::Attempts;
use super::changed_stocks::ChangedStocks;
use super::decision::{Decision, Observation, decide};
use super::outcome::StopCause;
use super::queue::Batch;
use super::write_result::LinkResult;
use crate::commerce::{ApiError, Reader, Writer};
use crate::model::LiveState;
use crate::reconcile::WriteBatch;
use crate::run::consistency::{read_patiently, read_until};
use crate::run::journal::{Effect, Journal, JournalError};
use crate::run::verify::{effect, is_applied, mark_new};

/// Records the batches of one run in the journal, and resolves those that fail.
pub(super) struct BatchSender<'a> {
    pub writer: &'a Writer,
    pub reader: &'a Reader,
    /// Reads the stocks of the plan again.
    pub changed: &'a ChangedStocks<'a>,
    pub journal: &'a mut Journal,
    pub cancel: &'a CancellationToken,
    /// The digest of the live state that the plan is based on, for the journal.
    pub live_sha256: &'a str,
    /// The last read, from before each batch that begins from now on.
    pub before: Arc<LiveState>,
    /// The attempts so far.
    pub attempts: Attempts,
}

/// An attempt to send a batch, recorded in the journal.
pub(super) struct Attempt {
    /// When it began, by the journal.
    pub began: Timestamp,
    /// The live state before it.
    before: Arc<LiveState>,
}

/// The result of a batch after its last attempt.
pub(super) struct AttemptResult {
    /// The result of each of its links; `None` when it was not sent.
    pub link: Option<LinkResult>,
    /// The read afterwards, if there was one.
    pub read: Option<Arc<LiveState>>,
    /// The next step of the run.
    pub then: Then,
}

/// The next step of the run after a batch.
pub(super) enum Then {
    /// The batch took effect: the next one may go.
    Continue,
    /// It has more links than the server takes at once: it goes again in smaller batches. Nothing was written, unless an
    /// earlier attempt is in doubt.
    Split {
        /// The most links that the server takes.
        limit: usize,
    },
    /// The shop refused it, perhaps for one of its links; nothing was written.
    Narrow(Box<ApiError>),
    /// No more batches are sent.
    Stop(StopCause),
}

impl BatchSender<'_> {
    /// Records that a batch is about to be sent.
    pub(super) fn begin(&mut self, batch: &WriteBatch) -> Result<Attempt, JournalError> {
        let timeout = self.reader.request_timeout();
        let began = self.journal.write_begins(batch, self.live_sha256, timeout)?;
        let before = Arc::clone(&self.before);
        Ok(Attempt { began, before })
    }

    /// Records that a batch took effect.
    pub(super) fn took_effect(&mut self, attempt: &Attempt, batch: &WriteBatch) -> AttemptResult {
        self.attempts.took_effect(batch);
        let recorded = self.journal.write_ends(attempt.began, Effect::Some);
        AttemptResult {
            link: Some(LinkResult::done()),
            read: None,
            then: recorded.map_or_else(|error| Then::Stop(StopCause::Journal(error)), |()| Then::Continue),
        }
    }

    /// Finds out the result of a batch that failed, and retries it as long as that may help, but only after a read has
    /// shown no effect. No other batch may be under way: a read during a write proves nothing. A part of a refused batch is
    /// not retried as long as it can be halved. A link that the read in between does not find counts as new from then on.
    ///
    /// No answer is final: a gateway may send a request twice and pass on only the second answer. A read without an effect
    /// may come from a replica. So an attempt stays unclear until the last read of the run, and before the run gives one up
    /// it reads again for as long as reads may lag behind.
    pub(super) async fn retry(
        &mut self,
        batch: &mut Batch,
        mut attempt: Attempt,
        mut error: ApiError,
        may_retry: bool,
    ) -> AttemptResult {
        let Batch {
            links,
            is_refused_part,
            in_doubt,
            ..
        } = batch;
        let mut retries = self.writer.retries();
        loop {
            let answered = Instant::now();
            *in_doubt |= error.may_take_effect_later();
            let patience = answered + self.reader.request_timeout();
            let first_look = self.first_look(links, &attempt, &error, *in_doubt, patience);
            let mut seen = match first_look.await {
                Ok(seen) => seen,
                Err(error) => {
                    return failed(StopCause::Journal(error), None, Effect::Unknown, *in_doubt);
                }
            };
            if let Some(live) = &seen.live {
                mark_new(links, live);
            }
            if seen.whole {
                tracing::warn!(%error, "the write took effect whatever the answer says");
                return self.took_effect(&attempt, links);
            }
            let mut decision = decide(
                &error,
                seen.basis(&error),
                *in_doubt,
                links.len(),
                *is_refused_part,
            );
            if decision == Decision::Retry {
                match retries.pause_after(&error) {
                    Some(pause) if may_retry && self.wait(pause, &error).await => {
                        attempt = match self.begin(links) {
                            Ok(begun) => begun,
                            Err(error) => {
                                let effect = seen.final_effect(*in_doubt);
                                return failed(StopCause::Journal(error), seen.live, effect, *in_doubt);
                            }
                        };
                        error = match self.writer.send(links).await {
                            Ok(()) => return self.took_effect(&attempt, links),
                            Err(error) => error,
                        };
                        continue;
                    }
                    None if error.is_refusal() && !*in_doubt => decision = Decision::Refused,
                    Some(_) | None => decision = Decision::Fail,
                }
            }
            let gives_up = decision == Decision::Fail || (decision == Decision::Refused && links.len() == 1);
            let until = answered + self.reader.consistency();
            if gives_up && seen.effect == Effect::None && !error.never_sent() && Instant::now() < until {
                seen = self.look(links, &attempt, until, patience).await;
                if seen.whole {
                    return self.took_effect(&attempt, links);
                }
                if seen.effect != Effect::None {
                    decision = Decision::Fail;
                }
            }
            return match decision {
                Decision::Split(limit) => AttemptResult {
                    link: Some(LinkResult::split(*in_doubt)),
                    read: None,
                    then: Then::Split { limit },
                },
                Decision::Refused => {
                    let message = (links.len() == 1).then(|| error.kind.to_string());
                    AttemptResult {
                        link: Some(LinkResult::refused(message)),
                        read: seen.live,
                        then: Then::Narrow(Box::new(error)),
                    }
                }
                Decision::Retry | Decision::Fail => {
                    let effect = seen.final_effect(*in_doubt);
                    failed(StopCause::Api(Box::new(error)), seen.live, effect, *in_doubt)
                }
            };
        }
    }

    /// Looks once. A batch that was never sent needs no look, and one that is too large goes again in smaller ones, whatever
    /// its effect.
    async fn first_look(
        &mut self,
        batch: &WriteBatch,
        attempt: &Attempt,
        error: &ApiError,
        in_doubt: bool,
        patience: Instant,
    ) -> Result<Observation, JournalError> {
        if error.never_sent() {
            self.journal.write_ends(attempt.began, Effect::None)?;
            return Ok(Observation::without_a_read(Effect::None));
        }
        self.attempts
            .is_unclear(attempt.began, batch, &attempt.before, in_doubt);
        if in_doubt {
            // It may take effect after another attempt has succeeded, when no read follows any more.
            self.journal.write_ends(attempt.began, Effect::Unknown)?;
        } else {
            self.journal.write_answered(attempt.began)?;
        }
        if error.batch_limit(batch.len()).is_some() {
            return Ok(Observation::without_a_read(Effect::None));
        }
        Ok(self.look(batch, attempt, Instant::now(), patience).await)
    }

    /// Reads the effect of a batch that failed, again until that moment as long as none shows. An incomplete read proves
    /// nothing, nor do pages that contradict one another: a link that they do not list may exist. A shop that is away is
    /// waited for until the moment `patience`.
    async fn look(
        &mut self,
        batch: &WriteBatch,
        attempt: &Attempt,
        until: Instant,
        patience: Instant,
    ) -> Observation {
        let shown = |live: &LiveState| effect(batch, &attempt.before, live, |_, _| true);
        let is_behind = |live: &LiveState, began: Instant| {
            let is_over = began >= until || self.cancel.is_cancelled();
            !is_over && shown(live) == Effect::None
        };
        let read = || read_patiently(self.reader, || self.changed.verified(), patience, self.cancel);
        let live = read_until(self.reader, read, is_behind).await.ok();
        let Some(live) = live.filter(|live| live.issues.is_empty()).map(Arc::new) else {
            return Observation::without_a_read(Effect::Unknown);
        };
        self.before = Arc::clone(&live);
        Observation {
            effect: shown(&live),
            whole: is_applied(batch, &live),
            live: Some(live),
        }
    }

    /// Waits before another attempt; an interrupt ends the wait, and no attempt follows.
    async fn wait(&self, pause: Duration, error: &ApiError) -> bool {
        tracing::warn!(%error, ?pause, "the write had no effect; trying again");
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}

/// The result of a batch that failed for good: the writes end.
fn failed(cause: StopCause, read: Option<Arc<LiveState>>, effect: Effect, in_doubt: bool) -> AttemptResult {
    AttemptResult {
        link: Some(LinkResult::failed(effect, in_doubt)),
        read,
        then: Then::Stop(cause),
    }
}

/// The result of a batch that was not sent, since the journal could not record it. For a part of a batch in doubt the
/// effect is unknown all the same.
pub(super) fn not_sent(error: JournalError, in_doubt: bool) -> AttemptResult {
    AttemptResult {
        link: in_doubt.then(|| LinkResult::failed(Effect::Unknown, in_doubt)),
        read: None,
        then: Then::Stop(StopCause::Journal(error)),
    }
}
