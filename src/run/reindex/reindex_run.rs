//! Reindexes when that is owed or a check shows a stale index, then proves the index.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::index::{IndexProof, IndexProver, Products, Scope};
use super::outcome::ReindexOutcome;
use super::steps::Reindexer;
use crate::reconcile::index::IndexVerdict;
use crate::run::event::{Event, Observer};
use crate::run::in_doubt::{InDoubtWrites, Unresolved};
use crate::run::journal::{Journal, JournalError};

/// A reindex with its proof.
pub struct ReindexRun<'a> {
    /// Records what is owed.
    pub journal: &'a mut Journal,
    /// The target's steps.
    pub reindexer: &'a Reindexer,
    /// Checks the index: for `wait` steps, and for the proof where one is wanted.
    pub prover: &'a IndexProver<'a>,
    /// The longest wait for the proof after the reindex; `None` when none is wanted.
    pub prove: Option<Duration>,
    /// Receives the events.
    pub observer: &'a dyn Observer,
    /// Ends the run early.
    pub cancel: &'a CancellationToken,
}

/// The result of a reindex and its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReindexRunResult {
    /// The outcome of the reindex.
    pub reindex: ReindexOutcome,
    /// The last check of the index; `None` when none was wanted, or the reindex failed.
    pub index: Option<IndexProof>,
}

impl ReindexRunResult {
    /// A reindex without a proof.
    pub(in crate::run) fn without_proof(reindex: ReindexOutcome) -> Self {
        Self { reindex, index: None }
    }

    /// True if the reindex succeeded, and the proof as well where one was wanted.
    pub fn is_complete(&self) -> bool {
        let reindexed = matches!(
            self.reindex,
            ReindexOutcome::NotNeeded | ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron
        );
        let verdict = self.index.as_ref().map(IndexProof::verdict);
        reindexed && verdict.is_none_or(|verdict| verdict == IndexVerdict::Proven)
    }
}

impl ReindexRun<'_> {
    /// Runs the steps when a reindex is owed, `force` is given, or a proof is wanted and the index is stale.
    pub async fn run(self, force: bool) -> Result<ReindexRunResult, JournalError> {
        if !self.journal.owed() && !force {
            let Some(proof) = self.first_look().await else {
                return Ok(ReindexRunResult::without_proof(ReindexOutcome::NotNeeded));
            };
            if proof.verdict() != IndexVerdict::Stale {
                return Ok(ReindexRunResult {
                    reindex: ReindexOutcome::NotNeeded,
                    index: Some(proof),
                });
            }
            self.journal
                .index_not_proven(proof.not_proven(&self.prover.scope))?;
        }
        // The rebuilt index would lack a write that takes effect during the reindex.
        let in_doubt = InDoubtWrites {
            reader: self.prover.reader,
            journal: self.journal,
            observer: self.observer,
            cancel: self.cancel,
        };
        match in_doubt.resolve(&|_, _| false).await {
            Ok(()) => {}
            Err(Unresolved::Interrupted) => {
                return Ok(ReindexRunResult::without_proof(ReindexOutcome::NotTried));
            }
            Err(Unresolved::Journal(error)) => return Err(error),
        }
        let to_be_proven = self.prove.is_some();
        let reindex = self
            .reindexer
            .run(
                self.journal,
                to_be_proven,
                self.observer,
                self.cancel,
                self.prover,
            )
            .await?;
        let index = match (&reindex, self.prove) {
            (ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron, Some(timeout)) => {
                self.prover.reader.ensure_time(timeout);
                let recent = self.journal.recent_writes(self.prover.reader.consistency());
                let proof = self
                    .prover
                    .look_until(&recent, timeout, self.observer, self.cancel)
                    .await;
                match (proof.verdict(), &reindex) {
                    (IndexVerdict::Proven, ReindexOutcome::LeftToCron) => {
                        // Canaries that a new link does not touch match before cron has run.
                        if self.prover.products == Products::All {
                            self.journal.cron_proven(&proof, &self.prover.scope)?;
                        }
                    }
                    // The steps have rebuilt the whole index.
                    (IndexVerdict::Proven, _) => self.journal.index_proven()?,
                    _ => self
                        .journal
                        .index_not_proven(proof.not_proven(&self.prover.scope))?,
                }
                Some(proof)
            }
            _ => None,
        };
        Ok(ReindexRunResult { reindex, index })
    }

    async fn first_look(&self) -> Option<IndexProof> {
        self.prove?;
        self.observer.notice(Event::ProvingIndex);
        let recent = self.journal.recent_writes(self.prover.reader.consistency());
        Some(self.prover.look(&recent).await)
    }
}

impl Journal {
    /// Records that the shop's cron has rebuilt the index, as far as a check shows it. No step of ours did, so the rows that were
    /// compared are all that says so: the check pays for the stocks whose rows match, and for no other.
    pub(in crate::run) fn cron_proven(
        &mut self,
        proof: &IndexProof,
        scope: &Scope,
    ) -> Result<(), JournalError> {
        let matching = proof.matching();
        match proof {
            IndexProof::Read(stocks) if *scope == Scope::Custom && matching.len() == stocks.len() => {
                self.index_proven()
            }
            _ if matching.is_empty() => Ok(()),
            _ => self.index_proven_of(matching),
        }
    }
}
