//! Carrying out an approved plan: compare again, write, prove, reindex.

use tokio_util::sync::CancellationToken;

use super::arrival::{Arrivals, Unsettled, is_covered};
use super::event::{Event, Observer};
use super::fate::outcomes;
use super::foreign::foreign_changes;
use super::journal::{Journal, JournalError, OpenWrite};
use super::outcome::{Applied, LinksOutcome, Proof, ReindexOutcome, StopCause};
use super::reindex::Reindexer;
use super::send::Sender;
use super::write::{Written, write};
use crate::commerce::{ApiError, Reader};
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Plan, PlanError, plan_digest};

/// Why an apply stopped before anything was written.
#[derive(Debug)]
pub enum Stop {
    /// The live state could not be read again.
    Unreadable(ApiError),
    /// The live state is no longer the one that the plan was made from.
    Stale(Box<Plan>),
    /// The live state no longer fits the files.
    Unplannable(PlanError),
    /// The journal cannot be written, so that an owed reindex could be forgotten.
    Journal(JournalError),
    /// Somebody interrupted the run.
    Interrupted,
}

impl From<Unsettled> for Stop {
    fn from(unsettled: Unsettled) -> Self {
        match unsettled {
            Unsettled::Journal(error) => Self::Journal(error),
            Unsettled::Interrupted => Self::Interrupted,
        }
    }
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
    /// Ends the run early: after the request in flight, before the next one.
    pub cancel: &'a CancellationToken,
    /// Whether the rest is written when the server refuses a link.
    pub keep_going: bool,
}

impl Applier<'_> {
    /// Writes what the plan says, unless the live state has changed since; then proves it and reindexes.
    pub async fn run(mut self, approved: &ApprovedPlan) -> Result<Applied, Stop> {
        self.settle(&|live, write| is_covered(approved.plan(), live, write))
            .await?;
        let mut before = Some(self.compare(approved.plan()).await?);
        let mut written = self.write(approved).await.map_err(Stop::Journal)?;
        if approved.plan().in_sync() {
            // Nothing was written since: it proves as well as another read would.
            written.settled = before.take();
        }
        let (read, proof) = self.prove(written.settled).await;
        let results = outcomes(approved, &written.fates, read.as_ref());
        let foreign = match (&before, &read, &proof) {
            (Some(before), Some(after), Proof::Left(_)) => {
                foreign_changes(&approved.plan().stocks, &results, before, after)
            }
            _ => Vec::new(),
        };
        let mut links = LinksOutcome {
            results,
            stopped_by: written.stopped_by,
            refusal: written.refusal,
        };
        let writes_ended = links.stopped_by.is_none();
        let reindex = match self.reindex(writes_ended).await {
            Ok(outcome) => outcome,
            Err(error) => {
                links.stopped_by.get_or_insert(StopCause::Journal(error));
                ReindexOutcome::NotTried
            }
        };
        Ok(Applied {
            links,
            proof,
            foreign,
            reindex,
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
    async fn compare(&self, plan: &Plan) -> Result<LiveState, Stop> {
        self.observer.notice(Event::Reading);
        let live = tokio::select! {
            live = self.reader.fetch() => live.map_err(Stop::Unreadable)?,
            () = self.cancel.cancelled() => return Err(Stop::Interrupted),
        };
        let now = (self.replan)(&live).map_err(Stop::Unplannable)?;
        let still_in_sync = plan.in_sync() && now.in_sync();
        if still_in_sync || now.agrees_with(plan) {
            Ok(live)
        } else {
            Err(Stop::Stale(Box::new(now)))
        }
    }

    async fn write(&mut self, approved: &ApprovedPlan) -> Result<Written, JournalError> {
        self.journal.carries_out(plan_digest(approved.plan()));
        let sender = Sender {
            writer: self.reader.writer(approved),
            reader: self.reader,
            journal: &mut *self.journal,
            cancel: self.cancel,
            live_sha256: &approved.plan().live_sha256,
        };
        write(sender, approved, self.keep_going, self.observer).await
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
            Ok(plan) if !plan.in_sync() => Proof::Left(Box::new(plan)),
            Ok(plan) if plan.doubts.is_empty() => Proof::Converged,
            Ok(plan) => Proof::Doubtful(plan.doubts),
            Err(error) => Proof::Unplannable(error),
        };
        (Some(live), proof)
    }

    async fn reindex(&mut self, writes_ended: bool) -> Result<ReindexOutcome, JournalError> {
        if !self.journal.owed().0 {
            return Ok(ReindexOutcome::NotNeeded);
        }
        if !writes_ended {
            return Ok(ReindexOutcome::NotTried);
        }
        // A write that arrives while the index is rebuilt would be missing from it.
        match self.settle(&|_, _| false).await {
            Ok(()) => {}
            Err(Unsettled::Interrupted) => return Ok(ReindexOutcome::NotTried),
            Err(Unsettled::Journal(error)) => return Err(error),
        }
        self.reindexer.run(self.journal, self.observer, self.cancel).await
    }
}
