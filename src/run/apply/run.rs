//! Carrying out an approved plan: compare again, write, prove, reindex.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::attempts::Attempts;
use super::external_change::{external_changes, not_arrived};
use super::pre_image::pre_image;
use super::retry::BatchSender;
use super::write::{Written, write};
use super::write_result::outcomes;
use crate::commerce::{ApiError, Reader};
use crate::export::Unproven;
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Plan, PlanError, StaleReason, plan_digest};
use crate::run::consistency::read_until;
use crate::run::event::{Event, Observer};
use crate::run::in_doubt::{InDoubtWrites, Unresolved, is_covered};
use crate::run::journal::{Journal, JournalError, OpenWrite};
use crate::run::outcome::{Applied, LinksOutcome, Proof, ReindexOutcome, StopCause};
use crate::run::planner::{Planner, TargetRules};
use crate::run::reindex::{IndexProver, ReindexRun, ReindexRunResult, Reindexer};

/// Why an apply stopped before anything was written.
#[derive(Debug)]
pub enum ApplyError {
    /// The live state could not be read again.
    Unreadable(ApiError),
    /// The live state is no longer the one that the plan was made from.
    Stale {
        /// The plan as it would be now.
        now: Box<Plan>,
        /// In what it differs from the one that was approved.
        differences: Vec<StaleReason>,
    },
    /// The live state no longer fits the files.
    Unplannable(PlanError),
    /// The journal cannot be written, so that an owed reindex could be forgotten.
    Journal(JournalError),
    /// What the stocks hold could not be written down, so that there would be no way back.
    NoPreImage(Unproven),
    /// Somebody interrupted the run.
    Interrupted,
}

impl From<Unresolved> for ApplyError {
    fn from(unsettled: Unresolved) -> Self {
        match unsettled {
            Unresolved::Journal(error) => Self::Journal(error),
            Unresolved::Interrupted => Self::Interrupted,
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
    pub planner: &'a Planner,
    /// The target's rules, for the plan.
    pub target: &'a TargetRules,
    /// Rebuilds the index.
    pub reindexer: &'a Reindexer,
    /// Looks at the index of the stocks in question.
    pub prover: &'a IndexProver<'a>,
    /// How long to look for a proof of the index; `None` when none is wanted.
    pub prove: Option<Duration>,
    /// Ends the run early: after the requests in flight, before the next one.
    pub cancel: &'a CancellationToken,
    /// Whether the rest is written when the server refuses a link.
    pub keep_going: bool,
}

impl Applier<'_> {
    /// Writes what the plan says, unless the live state has changed since; then proves it and reindexes.
    pub async fn run(mut self, approved: &ApprovedPlan) -> Result<Applied, ApplyError> {
        self.journal.carries_out(plan_digest(approved.plan()));
        self.settle(&|live, write| is_covered(approved.plan(), live, write))
            .await?;
        let before = Arc::new(self.compare(approved.plan()).await?);
        let pre_image = self.keep_pre_image(approved.plan(), &before)?;
        let mut written = self.write(approved, &before).await.map_err(ApplyError::Journal)?;
        if approved.plan().in_sync() {
            // Nothing was written since: it proves as well as another read would.
            written.settled = Some(Arc::clone(&before));
        }
        let (read, proof) = self.prove(written.settled.take(), &written.tries, &before).await;
        let certain = read.as_deref().filter(|live| live.issues.is_empty());
        let concluded = written.tries.conclude(certain, self.journal);
        let results = outcomes(approved, &written.fates, read.as_deref());
        let (foreign, not_arrived) = match (&read, &proof) {
            (Some(after), Proof::Left(_)) if !approved.plan().in_sync() => {
                let stocks = &approved.plan().stocks;
                (
                    external_changes(stocks, &results, &before, after),
                    not_arrived(stocks, &results, &before, after),
                )
            }
            _ => (Vec::new(), Vec::new()),
        };
        let mut links = LinksOutcome {
            results,
            stopped_by: written.stopped_by,
            refusal: written.refusal,
        };
        links.forget_untrue_failures();
        if let Err(error) = concluded {
            links.stopped_by.get_or_insert(StopCause::Journal(error));
        }
        let writes_ended = links.stopped_by.is_none();
        let refreshed = self.refresh(writes_ended).await.unwrap_or_else(|error| {
            links.stopped_by.get_or_insert(StopCause::Journal(error));
            ReindexRunResult::unproven(ReindexOutcome::NotTried)
        });
        Ok(Applied {
            pre_image,
            links,
            proof,
            foreign,
            not_arrived,
            reindex: refreshed.reindex,
            index: refreshed.index,
        })
    }

    /// Waits for writes of which it is not known whether they will still arrive, but for harmless ones.
    async fn settle(
        &mut self,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Unresolved> {
        let arrivals = InDoubtWrites {
            reader: self.reader,
            journal: self.journal,
            observer: self.observer,
            cancel: self.cancel,
        };
        arrivals.settle(is_harmless).await
    }

    /// Reads again right before the first write; somebody else's change since the plan stops the run.
    async fn compare(&self, plan: &Plan) -> Result<LiveState, ApplyError> {
        self.observer.notice(Event::Reading);
        let recent = self.journal.recent_writes(self.reader.consistency());
        let live = tokio::select! {
            live = recent.read(self.reader) => live.map_err(ApplyError::Unreadable)?,
            () = self.cancel.cancelled() => return Err(ApplyError::Interrupted),
        };
        let now = self
            .planner
            .plan(self.target, &live, Timestamp::now())
            .map_err(ApplyError::Unplannable)?;
        let still_in_sync = plan.in_sync() && now.in_sync();
        let differences = now.stale_reasons_since(plan);
        if still_in_sync || differences.is_empty() {
            Ok(live)
        } else {
            Err(ApplyError::Stale {
                now: Box::new(now),
                differences,
            })
        }
    }

    /// Keeps what the stocks that will change hold.
    fn keep_pre_image(&mut self, plan: &Plan, live: &LiveState) -> Result<Option<PathBuf>, ApplyError> {
        if plan.in_sync() {
            return Ok(None);
        }
        let kept = pre_image(plan, live).map_err(ApplyError::NoPreImage)?;
        for stock in &kept.left_out {
            self.observer.notice(Event::NotInPreImage { stock });
        }
        let path = self
            .journal
            .keep_pre_image(kept.document)
            .map_err(ApplyError::Journal)?;
        self.observer.notice(Event::PreImageKept { path: &path });
        Ok(Some(path))
    }

    async fn write(
        &mut self,
        approved: &ApprovedPlan,
        before: &Arc<LiveState>,
    ) -> Result<Written, JournalError> {
        let writer = self.reader.writer(approved);
        let recovery = BatchSender {
            writer: &writer,
            reader: self.reader,
            journal: &mut *self.journal,
            cancel: self.cancel,
            live_sha256: &approved.plan().live_sha256,
            before: Arc::clone(before),
            tries: Attempts::default(),
        };
        write(recovery, approved, self.keep_going, self.observer).await
    }

    /// Reads everything, again as long as it may be from before the writes, and plans again: nothing may be left. What settles
    /// an unclear try is read twice.
    async fn prove(
        &self,
        settled: Option<Arc<LiveState>>,
        tries: &Attempts,
        before: &LiveState,
    ) -> (Option<Arc<LiveState>>, Proof) {
        self.observer.notice(Event::Proving);
        let is_behind = |live: &LiveState| {
            let wait = self.reader.consistency();
            !self.cancel.is_cancelled() && tries.are_ahead_of(live, before, wait)
        };
        let read = async || {
            if tries.are_unclear() {
                self.reader.fetch_verified().await
            } else {
                self.reader.fetch().await
            }
        };
        let live = match settled.filter(|live| !is_behind(live)) {
            Some(live) => live,
            None => match read_until(self.reader, read, is_behind).await {
                Ok(live) => Arc::new(live),
                Err(error) => return (None, Proof::Unreadable(error)),
            },
        };
        let proof = match self.planner.plan(self.target, &live, Timestamp::now()) {
            Ok(plan) if !plan.in_sync() => Proof::Left(Box::new(plan)),
            Ok(plan) if plan.doubts.is_empty() => Proof::Converged,
            Ok(plan) => Proof::Doubtful(plan.doubts),
            Err(error) => Proof::Unplannable(error),
        };
        (Some(live), proof)
    }

    async fn refresh(&mut self, writes_ended: bool) -> Result<ReindexRunResult, JournalError> {
        if !writes_ended {
            let owed = self.journal.owed().0;
            return Ok(ReindexRunResult::unproven(if owed {
                ReindexOutcome::NotTried
            } else {
                ReindexOutcome::NotNeeded
            }));
        }
        let refresh = ReindexRun {
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
