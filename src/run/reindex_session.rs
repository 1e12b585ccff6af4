//! The use case `reindex`: run the target's steps, or note that the shop has reindexed by itself. Prints nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::event::Observer;
use super::exit::Exit;
use super::failure::Failure;
use super::index_check::IndexCheck;
use super::interrupt::{Interrupts, Signal};
use super::journal::Journal;
use super::reindex::{ReindexBy, ReindexRun, ReindexRunResult, Scope};
use super::session::Session;

/// When the steps run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReindexMode {
    /// If a reindex is owed.
    IfOwed,
    /// Always.
    Always,
    /// Never: a person says that the shop has reindexed, and none is owed any more.
    DeclareDone,
}

/// A reindex of a target. It holds the target's lock.
pub struct ReindexSession {
    session: Session,
    index_check: IndexCheck,
    mode: ReindexMode,
    observer: Arc<dyn Observer>,
    journal: Journal,
    since: Instant,
}

/// A finished reindex.
pub struct ReindexDone {
    /// What it comes to.
    pub exit: Exit,
    /// The outcome; `None` if a person declared it done.
    pub refreshed: Option<ReindexRunResult>,
    /// True if a reindex is still owed.
    pub is_owed: bool,
    /// Who brings the index up to date.
    pub reindex_by: ReindexBy,
}

impl ReindexSession {
    /// Locks the target. Waits for another run at most `lock_timeout`.
    pub async fn open(
        session: Session,
        index_check: IndexCheck,
        mode: ReindexMode,
        lock_timeout: Duration,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, Failure> {
        let mut journal = session.open_journal("reindex", lock_timeout, &*observer).await?;
        if journal.owed() || mode == ReindexMode::Always {
            // A write that arrives while the index is rebuilt would be missing from it.
            session.settle(&mut journal, &*observer, &|_, _| false).await?;
        }
        Ok(Self {
            session,
            index_check,
            mode,
            observer,
            journal,
            since: Instant::now(),
        })
    }

    /// Runs the steps where needed. The time since the lock was taken does not count as run time.
    pub async fn run(mut self, interrupts: &Interrupts) -> Result<ReindexDone, Failure> {
        self.session.reader.extend(self.since.elapsed());
        if self.mode == ReindexMode::DeclareDone && self.journal.owed() {
            self.journal.reindex_declared()?;
            return Ok(ReindexDone {
                exit: Exit::Done,
                refreshed: None,
                is_owed: self.journal.owed(),
                reindex_by: self.session.reindexer.by(),
            });
        }
        let refresh = ReindexRun {
            journal: &mut self.journal,
            reindexer: &self.session.reindexer,
            prover: &self.index_check.prover(&self.session, Scope::Custom),
            prove: self.index_check.timeout(),
            observer: &*self.observer,
            cancel: interrupts.hold(),
        };
        let refreshed = refresh.run(self.mode == ReindexMode::Always).await?;
        let exit = if refreshed.is_complete() {
            Exit::Done
        } else {
            interrupts.held().map_or(Exit::Owed, Signal::exit)
        };
        Ok(ReindexDone {
            exit,
            refreshed: Some(refreshed),
            is_owed: self.journal.owed(),
            reindex_by: self.session.reindexer.by(),
        })
    }
}
