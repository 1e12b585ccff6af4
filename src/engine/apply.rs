//! Carrying out an approved plan: compare again, write, settle by reading, prove, reindex.

use std::collections::VecDeque;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio_util::sync::CancellationToken;

use super::arrival::{Arrivals, Unsettled, is_covered};
use super::event::{Event, Observer};
use super::index::IndexProver;
use super::journal::{Effect, Journal, JournalError, OpenWrite};
use super::outcome::{Applied, LinksOutcome, Proof, ReindexOutcome, StopCause};
use super::refresh::{Refresh, Refreshed};
use super::reindex::Reindexer;
use super::settle::{FailedCall, effect, is_carried_out, results};
use crate::commerce::{ApiError, Reader, Writer};
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Call, Difference, Plan, PlanError, plan_digest};

/// How many links one request carries: 1,000 cost the server 0.2 s, and its cost grows with the square (recording 08).
const BATCH: usize = 1_000;

/// The longest pause that a server may ask for between two tries of a write.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Why an apply stopped before anything was written.
#[derive(Debug)]
pub enum Stop {
    /// The live state could not be read again.
    Unreadable(ApiError),
    /// The live state is no longer the one that the plan was made from.
    Stale {
        /// The plan as it would be now.
        now: Box<Plan>,
        /// In what it differs from the one that was approved.
        differences: Vec<Difference>,
    },
    /// The live state no longer fits the files.
    Unplannable(PlanError),
    /// The journal cannot be written, so that an owed reindex could be forgotten.
    Journal(JournalError),
    /// Somebody interrupted the run.
    Interrupted,
}

/// Everything that carries out a plan.
pub struct Applier<'a> {
    /// Reads the target, before and after.
    pub reader: &'a Reader,
    /// Remembers what was begun.
    pub journal: &'a mut Journal,
    /// Hears how far the run is.
    pub observer: &'a dyn Observer,
    /// Makes the plan anew from another read.
    pub replan: &'a (dyn Fn(&LiveState) -> Result<Plan, PlanError> + Sync),
    /// Rebuilds the index.
    pub reindexer: &'a Reindexer,
    /// Looks at the index of the stocks in question.
    pub prover: &'a IndexProver<'a>,
    /// How long to look for a proof of the index; `None` when none is wanted.
    pub prove: Option<Duration>,
    /// Ends the run early: after the request in flight, before the next one.
    pub cancel: &'a CancellationToken,
}

impl Applier<'_> {
    /// Writes what the plan says, unless the live state has changed since; then proves it and reindexes.
    pub async fn run(mut self, approved: &ApprovedPlan) -> Result<Applied, Stop> {
        self.settle(&|live, write| is_covered(approved.plan(), live, write))
            .await?;
        self.compare(approved.plan()).await?;
        let written = self.write(approved).await.map_err(Stop::Journal)?;
        let (read, proof) = self.prove(written.settled).await;
        let results = results(
            approved,
            &written.confirmed,
            written.failed.as_ref(),
            read.as_ref(),
        );
        let mut links = LinksOutcome {
            results,
            stopped_by: written.stopped_by,
        };
        let writes_ended = links.stopped_by.is_none();
        let refreshed = self.refresh(writes_ended).await.unwrap_or_else(|error| {
            links.stopped_by.get_or_insert(StopCause::Journal(error));
            Refreshed::unproven(ReindexOutcome::NotTried)
        });
        Ok(Applied {
            links,
            proof,
            reindex: refreshed.reindex,
            index: refreshed.index,
        })
    }

    /// Waits for writes of which it is not known whether they will still arrive, but for harmless ones.
    async fn settle(
        &mut self,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Unsettled> {
        let arrivals = Arrivals {
            reader: self.reader,
            journal: self.journal,
            observer: self.observer,
            cancel: self.cancel,
        };
        arrivals.settle(is_harmless).await
    }

    /// Reads again right before the first write; somebody else's change since the plan stops the run.
    async fn compare(&self, plan: &Plan) -> Result<(), Stop> {
        if plan.in_sync() {
            return Ok(());
        }
        self.observer.notice(Event::Reading);
        let live = tokio::select! {
            live = self.reader.fetch() => live.map_err(Stop::Unreadable)?,
            () = self.cancel.cancelled() => return Err(Stop::Interrupted),
        };
        let now = (self.replan)(&live).map_err(Stop::Unplannable)?;
        let differences = now.differences_from(plan);
        if differences.is_empty() {
            Ok(())
        } else {
            Err(Stop::Stale {
                now: Box::new(now),
                differences,
            })
        }
    }

    /// Sends the calls in order up to the first that fails for good. Errors only when nothing was sent.
    async fn write(&mut self, approved: &ApprovedPlan) -> Result<Written, JournalError> {
        let writer = self.reader.writer(approved);
        self.journal.carries_out(plan_digest(approved.plan()));
        let mut calls = VecDeque::from(approved.calls(BATCH));
        let mut written = Written::default();
        self.observer.notice(Event::WritingBegins {
            links: calls.iter().map(Call::len).sum(),
        });
        while written.stopped_by.is_none()
            && let Some(call) = calls.pop_front()
        {
            if self.cancel.is_cancelled() {
                written.stopped_by = Some(StopCause::Interrupted);
                break;
            }
            match self.carry_out(&writer, &call, approved).await {
                Carried::Done => {
                    self.observer.notice(Event::Written { links: call.len() });
                    written.confirmed.push(call);
                }
                Carried::TooLong(limit) => {
                    // The server takes fewer links at once: this call and all after it are cut, for the whole run.
                    calls.push_front(call);
                    calls = calls.iter().flat_map(|call| call.cut(limit)).collect();
                }
                Carried::NotBegun(error) if written.confirmed.is_empty() => return Err(error),
                Carried::NotBegun(error) => written.stopped_by = Some(StopCause::Journal(error)),
                Carried::DoneUnrecorded(error) => {
                    written.confirmed.push(call);
                    written.stopped_by = Some(StopCause::Journal(error));
                }
                Carried::Failed {
                    cause,
                    live,
                    effect,
                    late,
                } => {
                    written.failed = Some(FailedCall { call, effect, late });
                    written.settled = live;
                    written.stopped_by = Some(cause);
                }
            }
        }
        self.observer.notice(Event::WritingEnds);
        Ok(written)
    }

    /// Sends one call; tries again what may pass, but only after a read has shown that it did not take effect.
    async fn carry_out(&mut self, writer: &Writer, call: &Call, approved: &ApprovedPlan) -> Carried {
        let mut pauses = write_pauses();
        let mut late = false;
        loop {
            let digest = &approved.plan().live_sha256;
            let begun = self
                .journal
                .write_begins(call, digest, self.reader.request_timeout());
            match begun {
                Ok(()) => {}
                Err(error) if late => {
                    return Carried::Failed {
                        cause: StopCause::Journal(error),
                        live: None,
                        effect: Effect::Unknown,
                        late,
                    };
                }
                Err(error) => return Carried::NotBegun(error),
            }
            let Err(error) = writer.send(call).await else {
                return match self.journal.write_ends(Effect::Some) {
                    Ok(()) => Carried::Done,
                    Err(error) => Carried::DoneUnrecorded(error),
                };
            };
            let live = if error.had_no_effect() {
                None
            } else {
                self.settling_read().await
            };
            let seen = match &live {
                None if error.had_no_effect() => Effect::None,
                None => Effect::Unknown,
                Some(live) => effect(call, live),
            };
            late |= error.may_take_effect_later();
            // Sending it again does no harm; counting on it not to arrive would.
            let effect = if late && seen == Effect::None {
                Effect::Unknown
            } else {
                seen
            };
            let whole = live.as_ref().is_some_and(|live| is_carried_out(call, live));
            if let Err(error) = self.journal.write_ends(effect) {
                return Carried::Failed {
                    cause: StopCause::Journal(error),
                    live,
                    effect,
                    late,
                };
            }
            if whole {
                tracing::warn!(%error, "the answer was lost, the write was not");
                return Carried::Done;
            }
            if seen == Effect::None
                && let Some(limit) = error.batch_limit(call.len())
            {
                return Carried::TooLong(limit);
            }
            let again = seen == Effect::None && error.may_pass() && !self.cancel.is_cancelled();
            match pauses.next().filter(|_| again) {
                Some(pause) => self.wait(pause, &error).await,
                None => {
                    return Carried::Failed {
                        cause: StopCause::Api(Box::new(error)),
                        live,
                        effect,
                        late,
                    };
                }
            }
        }
    }

    /// Reads to find out what became of a write. A doubtful read settles nothing: a link that it does not list may stand.
    async fn settling_read(&self) -> Option<LiveState> {
        let live = self.reader.fetch().await.ok();
        live.filter(|live| live.doubts.is_empty())
    }

    /// Waits before another try, as long as the server asks for; an interrupt ends the wait.
    async fn wait(&self, pause: Duration, error: &ApiError) {
        let asked = error.retry_after().map_or(Duration::ZERO, Duration::from_secs);
        let pause = pause.max(asked.min(LONGEST_PAUSE));
        tracing::warn!(%error, ?pause, "the write had no effect; trying again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.cancel.cancelled() => {}
        }
    }

    /// Reads everything and plans again: nothing may be left.
    async fn prove(&self, settled: Option<LiveState>) -> (Option<LiveState>, Proof) {
        self.observer.notice(Event::Proving);
        let live = match settled {
            Some(live) => live,
            None => match self.reader.fetch().await {
                Ok(live) => live,
                Err(error) => return (None, Proof::Unreadable(error)),
            },
        };
        let proof = match (self.replan)(&live) {
            Ok(plan) if plan.in_sync() && plan.doubts.is_empty() => Proof::Converged,
            Ok(plan) => Proof::Left(Box::new(plan)),
            Err(error) => Proof::Unplannable(error),
        };
        (Some(live), proof)
    }

    async fn refresh(&mut self, writes_ended: bool) -> Result<Refreshed, JournalError> {
        if !writes_ended {
            let owed = self.journal.owed().0;
            return Ok(Refreshed::unproven(if owed {
                ReindexOutcome::NotTried
            } else {
                ReindexOutcome::NotNeeded
            }));
        }
        let refresh = Refresh {
            journal: self.journal,
            reindexer: self.reindexer,
            prover: self.prover,
            prove: self.prove,
            observer: self.observer,
            cancel: self.cancel,
        };
        refresh.run(false).await
    }
}

/// How far the writes came.
#[derive(Default)]
struct Written {
    confirmed: Vec<Call>,
    failed: Option<FailedCall>,
    stopped_by: Option<StopCause>,
    /// What was read to settle the call that failed.
    settled: Option<LiveState>,
}

impl From<Unsettled> for Stop {
    fn from(unsettled: Unsettled) -> Self {
        match unsettled {
            Unsettled::Journal(error) => Self::Journal(error),
            Unsettled::Interrupted => Self::Interrupted,
        }
    }
}

/// What came of one call.
enum Carried {
    /// It took effect, by the server's word or by a read.
    Done,
    /// It took effect, and the journal could not take note of it.
    DoneUnrecorded(JournalError),
    /// It was not sent, since the journal could not take note of it.
    NotBegun(JournalError),
    /// It carries more links than the server takes at once; nothing was written.
    TooLong(usize),
    /// It failed for good.
    Failed {
        /// What stopped it.
        cause: StopCause,
        /// What was read afterwards, if that could be done.
        live: Option<LiveState>,
        /// Whether it took effect all the same.
        effect: Effect,
        /// Whether the server may still be at work on it, so that a read which does not show it settles nothing.
        late: bool,
    },
}

/// The pauses before a write is tried again.
fn write_pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(5))
        .with_max_times(3)
        .with_jitter()
        .build()
}
