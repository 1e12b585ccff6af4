//! The use case `apply`: plan, let the guards decide, write, reindex, prove. Prints nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::apply::{Applied, Applier, ChangeResult, Proof};
use super::event::{Event, Observer};
use super::exit::Exit;
use super::failure::Failure;
use super::in_doubt::is_covered;
use super::index_check::{IndexCheck, touched_stocks};
use super::interrupt::{Interrupts, Signal};
use super::journal::Journal;
use super::not_written::{refused, stopped};
use super::planner::Planner;
use super::reindex::ReindexOutcome;
use super::saved_plan::SavedPlan;
use super::session::Session;
use crate::model::LiveState;
use crate::reconcile::index::IndexVerdict;
use crate::reconcile::{ApprovedPlan, Plan, approve, plan_digest};

/// What to apply, and where.
pub struct ApplyRequest {
    /// The files.
    pub planner: Arc<Planner>,
    /// The target.
    pub session: Session,
    /// A reviewed plan: the plan of this moment must be the same.
    pub saved: Option<SavedPlan>,
    /// How the index is checked after the reindex.
    pub index_check: IndexCheck,
    /// True if the rest is written when the shop refuses a link.
    pub keep_going: bool,
}

impl ApplyRequest {
    /// Applies what the files want now, with the target's own level of proof.
    pub fn new(planner: impl Into<Arc<Planner>>, session: Session) -> Self {
        Self {
            planner: planner.into(),
            index_check: IndexCheck::new(&session.prove, session.prove_timeout),
            session,
            saved: None,
            keep_going: false,
        }
    }
}

/// A run that changes a target. It holds the target's lock.
pub struct ApplyRun {
    request: ApplyRequest,
    journal: Journal,
    observer: Arc<dyn Observer>,
    /// The last read and the time at which it ended, with the digest of the plan that was made from it.
    read: Option<(String, Arc<LiveState>, Timestamp)>,
}

impl ApplyRun {
    /// Locks the target. Waits for another run at most `lock_timeout`.
    pub async fn open(
        request: ApplyRequest,
        command: &'static str,
        lock_timeout: Duration,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, Failure> {
        let session = &request.session;
        let journal = session.open_journal(command, lock_timeout, &*observer).await?;
        Ok(Self::with_journal(request, journal, observer))
    }

    /// Continues with a journal that is open.
    pub fn with_journal(request: ApplyRequest, journal: Journal, observer: Arc<dyn Observer>) -> Self {
        Self {
            request,
            journal,
            observer,
            read: None,
        }
    }

    /// The planner.
    pub fn planner(&self) -> &Planner {
        &self.request.planner
    }

    /// Makes the plan, once no write of an earlier run can change the links any more.
    pub async fn plan(&mut self) -> Result<Plan, Failure> {
        let ApplyRequest {
            planner,
            session,
            saved,
            ..
        } = &self.request;
        session
            .settle(&mut self.journal, &*self.observer, &|live, write| {
                session
                    .plan(planner, live)
                    .is_ok_and(|plan| is_covered(&plan, live, write))
            })
            .await?;
        self.observer.notice(Event::Reading);
        let recent = self.journal.recent_writes(session.reader.consistency());
        let live = session.read_after(&recent, planner).await?;
        let ended = Timestamp::now();
        self.journal.see_late_writes(&live)?;
        let plan = session.plan(planner, &live);
        let plan = match saved {
            None => plan,
            Some(saved) => match saved.confirmed_by(plan) {
                Err(failure) if !failure.differences.is_empty() => {
                    let applied = self.journal.applied(&saved.plan)?;
                    Err(match applied {
                        Some(at) => failure.of_applied_plan(at),
                        None => failure,
                    })
                }
                confirmed => confirmed,
            },
        }?;
        self.read = Some((plan_digest(&plan), Arc::new(live), ended));
        Ok(plan)
    }

    /// Lets the guards decide.
    pub fn approve(mut self, plan: Plan) -> Result<ApprovedRun, Failure> {
        let ApplyRequest { planner, session, .. } = &self.request;
        let approved = approve(plan.clone(), session.rules.limits, &planner.allow)
            .map_err(|refusals| refused(plan, &refusals))?;
        let digest = plan_digest(approved.plan());
        let read = self.read.take().filter(|(planned, ..)| *planned == digest);
        let (read, ended) = read.map(|(_, live, ended)| (live, ended)).unzip();
        Ok(ApprovedRun {
            run: self,
            approved,
            since: Instant::now(),
            read,
            ended,
            at_once: false,
        })
    }
}

/// A run whose plan the guards have approved.
pub struct ApprovedRun {
    run: ApplyRun,
    approved: ApprovedPlan,
    since: Instant,
    /// The read that the plan was made from.
    read: Option<Arc<LiveState>>,
    /// The time at which it ended.
    ended: Option<Timestamp>,
    at_once: bool,
}

/// A finished run.
pub struct ApplyDone {
    /// The plan.
    pub plan: ApprovedPlan,
    /// The outcome of each part.
    pub applied: Applied,
    /// What the outcome comes to.
    pub exit: Exit,
}

impl ApprovedRun {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        self.approved.plan()
    }

    /// True if an apply would do anything: write links or run reindex steps.
    pub fn has_work(&self) -> bool {
        let ApplyRequest {
            session, index_check, ..
        } = &self.run.request;
        let may_reindex = self.run.journal.owed() || index_check.is_wanted();
        !self.plan().in_sync() || (may_reindex && session.reindexer.has_steps())
    }

    /// Warnings where nothing makes sure that the index is rebuilt.
    pub fn warnings(&self) -> Vec<&'static str> {
        let ApplyRequest {
            session, index_check, ..
        } = &self.run.request;
        let mut warnings = Vec::new();
        if !self.plan().needs_reindex {
            return warnings;
        }
        if session.reindexer.is_unsaid() {
            warnings.push("the target says nothing of its reindex; it is left to the shop's cron");
        }
        if session.reindexer.is_taken_at_its_word() && !index_check.is_wanted() {
            warnings.push(
                "no reindex step visibly rebuilds the inventory index; its word is taken. --prove index looks",
            );
        }
        warnings
    }

    /// Says that the plan is applied right after it was made, without a question to a person in between: the read of the plan
    /// is then the one right before the first write, and no other is made. Any other run reads the changed stocks again, and
    /// stops where they are not as they were.
    #[must_use]
    pub fn at_once(self) -> Self {
        Self {
            at_once: true,
            ..self
        }
    }

    /// The failure of a run that a person declined.
    pub fn declined(&self) -> Failure {
        Failure::error("not confirmed; nothing was written").about(self.plan().clone())
    }

    /// Writes, reindexes and proves. The time since the approval does not count as run time.
    pub async fn apply(mut self, interrupts: &Interrupts) -> Result<ApplyDone, Failure> {
        let ApplyRequest {
            planner,
            session,
            index_check,
            keep_going,
            ..
        } = &self.run.request;
        session.reader.extend(self.since.elapsed());
        let scope = touched_stocks(self.approved.plan(), self.run.journal.owed());
        let prover = index_check.prover(session, scope);
        let applier = Applier {
            reader: &session.reader,
            journal: &mut self.run.journal,
            observer: &*self.run.observer,
            planner,
            target: &session.rules,
            read: self.read,
            read_ended: self.ended.filter(|_| self.at_once),
            reindexer: &session.reindexer,
            prover: &prover,
            prove: index_check.timeout(),
            cancel: interrupts.hold(),
            keep_going: *keep_going,
        };
        let applied = applier.run(&self.approved).await;
        let applied = applied.map_err(|stop| stopped(stop, planner, interrupts))?;
        Ok(ApplyDone {
            exit: apply_exit(&applied, interrupts.held()),
            plan: self.approved,
            applied,
        })
    }
}

/// The exit of an outcome. A signal that was held counts only if something is left to do.
fn apply_exit(applied: &Applied, held: Option<Signal>) -> Exit {
    let links = &applied.links;
    let reindexed = matches!(
        applied.reindex,
        ReindexOutcome::NotNeeded | ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron
    );
    let proven = applied
        .index
        .as_ref()
        .is_none_or(|index| index.verdict() == IndexVerdict::Proven);
    let untouched = !links.any(ChangeResult::Done) && !links.any(ChangeResult::Unknown);
    match held {
        _ if links.complete() && reindexed && proven && matches!(applied.proof, Proof::Converged) => {
            Exit::Done
        }
        Some(signal) => signal.exit(),
        None if links.complete() => Exit::Owed,
        None if untouched => Exit::Error,
        None => Exit::Partial,
    }
}
