//! Carrying out an approved plan: compare again, write, settle by reading, prove, reindex.

use std::collections::HashSet;

use super::event::{Event, Observer};
use super::journal::{Effect, Journal, JournalError, WriteKind};
use super::outcome::{Applied, ChangeResult, LinksOutcome, Proof, ReindexOutcome, StopCause};
use super::reindex::Reindexer;
use crate::commerce::{ApiError, Reader, Writer};
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::{ApprovedPlan, Call, Change, Plan, PlanError};

/// How many links one request carries: 1,000 cost the server 0.2 s, and its cost grows with the square (recording 08).
const BATCH: usize = 1_000;

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
}

impl Applier<'_> {
    /// Writes what the plan says, unless the live state has changed since; then proves it and reindexes.
    pub async fn run(mut self, approved: &ApprovedPlan) -> Result<Applied, Stop> {
        self.compare(approved.plan()).await?;
        let written = self.write(approved).await.map_err(Stop::Journal)?;
        let (read, proof) = self.prove(written.settled).await;
        let results = results(approved, &written.confirmed, written.failed.as_ref(), read.as_ref());
        let links = LinksOutcome { results, stopped_by: written.stopped_by };
        let reindex = self.reindex(links.stopped_by.is_none()).await.map_err(Stop::Journal);
        let reindex = reindex.unwrap_or(ReindexOutcome::NotTried);
        Ok(Applied { links, proof, reindex })
    }

    /// Reads again right before the first write; somebody else's change since the plan stops the run.
    async fn compare(&self, plan: &Plan) -> Result<(), Stop> {
        if plan.in_sync() {
            return Ok(());
        }
        self.observer.notice(Event::Reading);
        let live = self.reader.fetch().await.map_err(Stop::Unreadable)?;
        let now = (self.replan)(&live).map_err(Stop::Unplannable)?;
        if now.agrees_with(plan) { Ok(()) } else { Err(Stop::Stale(Box::new(now))) }
    }

    /// Sends the calls in order up to the first that fails. Errors only when nothing was sent.
    async fn write(&mut self, approved: &ApprovedPlan) -> Result<Written, JournalError> {
        let writer = self.reader.writer(approved);
        let calls = approved.calls(BATCH);
        let mut written = Written::default();
        self.observer.notice(Event::WritingBegins { links: calls.iter().map(Call::len).sum() });
        for call in calls {
            let begun = self.journal.write_begins(
                kind(&call),
                call.len(),
                call.needs_reindex(),
                &approved.plan().live_sha256,
            );
            match begun {
                Err(error) if written.confirmed.is_empty() => return Err(error),
                Err(error) => written.stopped_by = Some(StopCause::Journal(error)),
                Ok(()) => self.send(&writer, call, &mut written).await,
            }
            if written.stopped_by.is_some() {
                break;
            }
        }
        self.observer.notice(Event::WritingEnds);
        Ok(written)
    }

    async fn send(&mut self, writer: &Writer, call: Call, written: &mut Written) {
        let effect = match writer.send(&call).await {
            Ok(()) => {
                self.observer.notice(Event::Written { links: call.len() });
                written.confirmed.push(call);
                Effect::Some
            }
            Err(error) => {
                let effect = self.settle(&call, &error, written).await;
                written.failed = Some(call);
                written.stopped_by = Some(StopCause::Api(Box::new(error)));
                effect
            }
        };
        if let Err(error) = self.journal.write_ends(effect) {
            written.stopped_by.get_or_insert(StopCause::Journal(error));
        }
    }

    /// Finds out by reading whether a call that failed took effect all the same.
    async fn settle(&self, call: &Call, error: &ApiError, written: &mut Written) -> Effect {
        if error.never_sent() {
            return Effect::None;
        }
        match self.reader.fetch().await {
            Ok(live) => {
                let effect = if took_effect(call, &live) { Effect::Some } else { Effect::None };
                written.settled = Some(live);
                effect
            }
            Err(_) => Effect::Unknown,
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

    async fn reindex(&mut self, writes_ended: bool) -> Result<ReindexOutcome, JournalError> {
        if !self.journal.owed().0 {
            return Ok(ReindexOutcome::NotNeeded);
        }
        if !writes_ended {
            return Ok(ReindexOutcome::NotTried);
        }
        self.reindexer.run(self.journal, self.observer).await
    }
}

/// How far the writes came.
#[derive(Default)]
struct Written {
    confirmed: Vec<Call>,
    failed: Option<Call>,
    stopped_by: Option<StopCause>,
    /// What was read to settle the call that failed.
    settled: Option<LiveState>,
}

fn kind(call: &Call) -> WriteKind {
    match call {
        Call::Save(_) => WriteKind::Save,
        Call::Delete(_) => WriteKind::Delete,
    }
}

/// Whether anything of a call stands in the live state; a call is atomic on the server (commerce.md A1).
fn took_effect(call: &Call, live: &LiveState) -> bool {
    match call {
        Call::Save(links) => {
            links.iter().any(|link| priority(live, link.stock, &link.source) == Some(link.priority))
        }
        Call::Delete(links) => links.iter().any(|link| priority(live, link.stock, &link.source).is_none()),
    }
}

fn priority(live: &LiveState, stock: StockId, source: &SourceCode) -> Option<u16> {
    let links = live.links_of(stock);
    links.binary_search_by(|link| link.source.cmp(source)).ok().map(|at| links[at].priority)
}

/// The result of each change: by the server's word where a call was confirmed, by the read where it failed.
fn results(
    approved: &ApprovedPlan,
    confirmed: &[Call],
    failed: Option<&Call>,
    read: Option<&LiveState>,
) -> Vec<Vec<ChangeResult>> {
    let done: HashSet<(StockId, &SourceCode)> = confirmed.iter().flat_map(Call::keys).collect();
    let tried: HashSet<(StockId, &SourceCode)> = failed.into_iter().flat_map(Call::keys).collect();
    let result = |stock: StockId, change: &Change| {
        let key = (stock, change.source_code());
        if done.contains(&key) {
            return ChangeResult::Done;
        }
        if !tried.contains(&key) {
            return ChangeResult::NotTried;
        }
        match read {
            None => ChangeResult::Unknown,
            Some(live) if priority(live, stock, key.1) == change.wanted() => ChangeResult::Done,
            Some(_) => ChangeResult::Failed,
        }
    };
    let stocks = &approved.plan().stocks;
    stocks.iter().map(|stock| stock.changes.iter().map(|change| result(stock.stock_id, change)).collect()).collect()
}
