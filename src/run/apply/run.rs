//! Applies an approved plan: compares again, writes, proves, reindexes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::apply_error::ApplyError;
use super::attempts::Attempts;
use super::changed_stocks::ChangedStocks;
use super::external_change::{external_changes, not_arrived};
use super::outcome::{Applied, LinksOutcome, Proof, StopCause};
use super::pre_image::pre_image;
use super::renamed::{renamed, under_planned_names};
use super::retry::BatchSender;
use super::write::{Written, write};
use crate::commerce::Reader;
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Plan, plan_digest};
use crate::run::consistency::{read_patiently, read_until};
use crate::run::event::{Event, Observer};
use crate::run::in_doubt::{InDoubtWrites, Unresolved, is_covered};
use crate::run::journal::{Journal, JournalError, OpenWrite};
use crate::run::planner::{Planner, TargetRules};
use crate::run::reindex::{IndexProver, ReindexOutcome, ReindexRun, ReindexRunResult, Reindexer};

/// The parts of an apply.
pub struct Applier<'a> {
    /// Reads the target, before and after.
    pub reader: &'a Reader,
    /// Records what was begun.
    pub journal: &'a mut Journal,
    /// Receives the events.
    pub observer: &'a dyn Observer,
    /// Plans again from another read.
    pub planner: &'a Planner,
    /// The target's rules, for the plan.
    pub target: &'a TargetRules,
    /// The whole read that the plan was made from. Later reads are of the changed stocks alone; without it they are whole.
    pub read: Option<Arc<LiveState>>,
    /// The time at which that read ended, by the clock of the wall, if no question to a person lies between it and the first
    /// write.
    pub read_ended: Option<Timestamp>,
    /// Rebuilds the index.
    pub reindexer: &'a Reindexer,
    /// Checks the index of the stocks.
    pub prover: &'a IndexProver<'a>,
    /// The longest wait for a proof of the index; `None` when none is wanted.
    pub prove: Option<Duration>,
    /// Ends the run early: after the requests in flight, before the next one.
    pub cancel: &'a CancellationToken,
    /// True if the other links are written when the server refuses one.
    pub keep_going: bool,
}

/// The oldest read that is still the one right before the first write. A process may be stopped, or its machine asleep.
const FRESH: SignedDuration = SignedDuration::from_secs(2);

/// True if a read that ended then is as good as one that is made now.
fn is_fresh(ended: Timestamp) -> bool {
    let age = Timestamp::now().duration_since(ended);
    !age.is_negative() && age <= FRESH
}

impl Applier<'_> {
    /// Writes the plan, unless the live state has changed since; then proves the result and reindexes.
    pub async fn run(mut self, approved: &ApprovedPlan) -> Result<Applied, ApplyError> {
        let begun = Instant::now();
        self.journal.set_plan(plan_digest(approved.plan()));
        let plan = approved.plan();
        // A write in doubt may reach any stock: then nothing is taken from an earlier read.
        let read = self.read.take();
        let read = read.filter(|_| self.journal.open_writes().is_empty());
        let mut changed = ChangedStocks::of(plan, self.reader, read);
        self.resolve_in_doubt(&|live, write| is_covered(plan, live, write))
            .await?;
        let before = match changed.whole() {
            Some(read) if self.is_current(plan, read) => Arc::clone(read),
            _ => Arc::new(self.compare(plan, &changed).await?),
        };
        changed.rest_on(&before);
        let pre_image = self.keep_pre_image(plan, &before)?;
        let written = self.write(approved, &before, &changed).await;
        let mut written = written.map_err(ApplyError::Journal)?;
        if plan.in_sync() {
            // Nothing was written since, so this read proves the result as well as another one.
            written.last_read = Some(Arc::clone(&before));
        }
        let (read, proof) = self
            .prove(
                plan,
                &changed,
                written.last_read.take(),
                &written.attempts,
                &before,
                begun,
            )
            .await;
        let renamed = read.as_deref().map(|live| renamed(plan, live));
        let certain = read.as_deref().filter(|live| live.issues.is_empty());
        let concluded = written.attempts.conclude(certain, self.journal);
        written.results.conclude(approved, read.as_deref());
        let results = written.results;
        let (external, not_arrived) = match (&read, &proof) {
            (Some(after), Proof::Left(_)) if !plan.in_sync() => {
                let stocks = &plan.stocks;
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
        links.drop_disproven_failures();
        if let Err(error) = concluded {
            links.stopped_by.get_or_insert(StopCause::Journal(error));
        }
        let writes_ended = links.stopped_by.is_none();
        let reindexed = self.reindex(writes_ended).await.unwrap_or_else(|error| {
            links.stopped_by.get_or_insert(StopCause::Journal(error));
            ReindexRunResult::without_proof(ReindexOutcome::NotTried)
        });
        Ok(Applied {
            pre_image,
            links,
            proof,
            external,
            not_arrived,
            renamed: renamed.unwrap_or_default(),
            reindex: reindexed.reindex,
            reindex_by: self.reindexer.by(),
            index: reindexed.index,
        })
    }

    /// Waits for writes in doubt, but for harmless ones.
    async fn resolve_in_doubt(
        &mut self,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Unresolved> {
        let in_doubt = InDoubtWrites {
            reader: self.reader,
            journal: self.journal,
            observer: self.observer,
            cancel: self.cancel,
        };
        in_doubt.resolve(is_harmless).await
    }

    /// True if the read that the plan was made from needs no comparison with another one: nothing will be written, or nothing
    /// lies between it and the first write, by the clock neither. Pages are from several moments, so a list of several pages is always compared.
    fn is_current(&self, plan: &Plan, read: &LiveState) -> bool {
        self.read_ended.is_some_and(is_fresh)
            && (plan.in_sync() || self.reader.reads_in_one_page(read.links.len()))
    }

    /// Reads the changed stocks again right before the first write. A change since the plan was made stops the run.
    async fn compare(&self, plan: &Plan, changed: &ChangedStocks<'_>) -> Result<LiveState, ApplyError> {
        self.observer.notice(Event::Reading);
        let recent = self.journal.recent_writes(self.reader.consistency());
        let read = read_until(
            self.reader,
            || changed.with_sources(),
            |live, began| recent.is_behind(live, began),
        );
        let live = tokio::select! {
            live = read => live.map_err(ApplyError::Unreadable)?,
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

    /// Writes the pre-image of the stocks that will change.
    fn keep_pre_image(&mut self, plan: &Plan, live: &LiveState) -> Result<Option<PathBuf>, ApplyError> {
        if plan.in_sync() {
            return Ok(None);
        }
        let image = pre_image(plan, live).map_err(ApplyError::NoPreImage)?;
        for stock in &image.left_out {
            self.observer.notice(Event::NotInPreImage { stock });
        }
        let path = self
            .journal
            .keep_pre_image(image.document)
            .map_err(ApplyError::Journal)?;
        self.observer.notice(Event::PreImageKept { path: &path });
        Ok(Some(path))
    }

    async fn write(
        &mut self,
        approved: &ApprovedPlan,
        before: &Arc<LiveState>,
        changed: &ChangedStocks<'_>,
    ) -> Result<Written, JournalError> {
        let writer = self.reader.writer(approved);
        let sender = BatchSender {
            writer: &writer,
            reader: self.reader,
            changed,
            journal: &mut *self.journal,
            cancel: self.cancel,
            live_sha256: &approved.plan().live_sha256,
            before: Arc::clone(before),
            attempts: Attempts::default(),
        };
        write(sender, approved, self.keep_going, self.observer).await
    }

    /// Reads the changed stocks, again as long as the read may be from before the writes, and plans again: nothing may be left.
    /// The last read of the writes is taken if it shows them all; it began some time after `since`. A read that settles an
    /// unclear attempt is made twice. A stock is known by its id, whatever it is called by now.
    async fn prove(
        &self,
        approved: &Plan,
        changed: &ChangedStocks<'_>,
        last_read: Option<Arc<LiveState>>,
        attempts: &Attempts,
        before: &LiveState,
        since: Instant,
    ) -> (Option<Arc<LiveState>>, Proof) {
        self.observer.notice(Event::IndexCheck);
        let is_behind = |live: &LiveState, began: Instant| {
            let wait = self.reader.consistency();
            !self.cancel.is_cancelled() && attempts.are_ahead_of(live, before, wait, began)
        };
        let patience = attempts.read_by(self.reader.request_timeout());
        let read = async || {
            if attempts.are_unclear() {
                let read = || changed.verified();
                read_patiently(self.reader, read, patience, self.cancel).await
            } else {
                changed.links().await
            }
        };
        let live = match last_read.filter(|live| !is_behind(live, since)) {
            Some(live) => live,
            None => match read_until(self.reader, read, is_behind).await {
                Ok(live) => Arc::new(live),
                Err(error) => return (None, Proof::Unreadable(error)),
            },
        };
        let named = under_planned_names(&live, &renamed(approved, &live));
        let proof = match self.planner.plan(self.target, &named, Timestamp::now()) {
            Ok(plan) if !plan.in_sync() => Proof::Left(Box::new(plan)),
            Ok(plan) if plan.doubts.is_empty() => Proof::Converged,
            Ok(plan) => Proof::Incomplete(plan.doubts),
            Err(error) => Proof::Unplannable(error),
        };
        (Some(live), proof)
    }

    async fn reindex(&mut self, writes_ended: bool) -> Result<ReindexRunResult, JournalError> {
        if !writes_ended {
            let owed = self.journal.owed();
            return Ok(ReindexRunResult::without_proof(if owed {
                ReindexOutcome::NotTried
            } else {
                ReindexOutcome::NotNeeded
            }));
        }
        let run = ReindexRun {
            journal: self.journal,
            reindexer: self.reindexer,
            prover: self.prover,
            prove: self.prove,
            observer: self.observer,
            cancel: self.cancel,
        };
        run.run(false).await
    }
}
