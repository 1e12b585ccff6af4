//! A connected target with its state directory: what every use case works on.

use std::any::Any;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::connect::{connect, tls};
use super::consistency::RecentWrites;
use super::event::Observer;
use super::failure::Failure;
use super::holder::Holder;
use super::in_doubt::{InDoubtWrites, Unresolved};
use super::journal::{Journal, JournalError, OpenWrite, Opening};
use super::planner::{Planner, TargetRules};
use super::reindex::Reindexer;
use crate::commerce::{ApiError, Reader};
use crate::model::LiveState;
use crate::reconcile::{Plan, StockScope, TargetLabel};
use crate::target::{Prove, Target};

/// A connected target.
pub struct Session {
    /// Settings that plans depend on.
    pub rules: TargetRules,
    /// Its base URL.
    pub url: Url,
    /// Reads it.
    pub reader: Reader,
    /// Its reindex steps.
    pub reindexer: Reindexer,
    /// The level of proof that the target asks for.
    pub prove: Prove,
    /// Longest wait for the index proof.
    pub prove_timeout: Duration,
    /// The directory with journal, lock and pre-images.
    pub state_dir: PathBuf,
    _companion: Option<Box<dyn Any + Send + Sync>>,
}

/// A plan with the state it was made from.
pub struct Comparison {
    /// The live state.
    pub live: LiveState,
    /// What an apply would change.
    pub plan: Plan,
    /// True if a reindex is owed, as far as the state directory knows.
    pub reindex_owed: bool,
}

impl Session {
    /// Fetches the secrets and prepares the connection. Sends nothing yet.
    pub async fn open(target: Target, state_dir: PathBuf) -> Result<Self, Failure> {
        let tls = tls(&target.connection)?;
        let connection = connect(&target, &tls).await?;
        Ok(Self {
            rules: TargetRules {
                label: TargetLabel {
                    name: target.name.clone(),
                    url: target.url.to_string(),
                },
                limits: target.guard,
                protect: target.protect,
            },
            url: target.url,
            reader: Reader::new(connection),
            reindexer: Reindexer::new(target.reindex, target.keyring, tls),
            prove: target.prove,
            prove_timeout: target.prove_timeout,
            state_dir,
            _companion: None,
        })
    }

    /// Keeps a value alive as long as the session, such as an embedded shop.
    #[must_use]
    pub fn with_companion(self, companion: impl Any + Send + Sync) -> Self {
        Self {
            _companion: Some(Box::new(companion)),
            ..self
        }
    }

    /// Reads the whole live state. Reads again while it may be older than the last writes of earlier runs.
    pub async fn read_all(&self) -> Result<LiveState, Failure> {
        Ok(self.recent_writes()?.read(&self.reader).await?)
    }

    /// Reads what a plan needs: everything, or what the stocks in its scope need. Reads again as [`Self::read_all`] does.
    pub async fn read(&self, planner: &Planner) -> Result<LiveState, Failure> {
        Ok(self.read_after(&self.recent_writes()?, planner).boxed().await?)
    }

    /// The same, with the recent writes of an open journal.
    pub(super) async fn read_after(
        &self,
        recent: &RecentWrites,
        planner: &Planner,
    ) -> Result<LiveState, ApiError> {
        if planner.scope.is_whole() {
            return recent.read(&self.reader).await;
        }
        let read = || {
            self.reader.fetch_stocks(
                |stock| planner.scope.covers(&stock.name),
                planner.wanted_sources(),
            )
        };
        let (live, _) = recent.read_by(&self.reader, read).await?;
        Ok(live)
    }

    /// Reads only these stocks.
    pub async fn read_stocks(&self, scope: &StockScope) -> Result<LiveState, Failure> {
        if scope.is_whole() {
            return self.read_all().await;
        }
        let read = || self.reader.fetch_stocks(|stock| scope.covers(&stock.name), []);
        let (live, _) = self.recent_writes()?.read_by(&self.reader, read).await?;
        Ok(live)
    }

    /// The last writes of earlier runs, which reads may not show yet.
    pub fn recent_writes(&self) -> Result<RecentWrites, JournalError> {
        RecentWrites::peek(&self.state_dir, &self.rules.label, &self.reader)
    }

    /// Makes the plan as of now.
    pub fn plan(&self, planner: &Planner, live: &LiveState) -> Result<Plan, Failure> {
        planner
            .plan(&self.rules, live, Timestamp::now())
            .map_err(|error| planner.unplannable(error))
    }

    /// The last event that owes a reindex, if one is owed; as far as the state directory knows.
    pub fn owed_since(&self) -> Result<Option<Timestamp>, JournalError> {
        let state = Journal::read_state(&self.state_dir, &self.rules.label)?;
        Ok(state.owed_reindex().map(|owed| owed.since))
    }

    /// Reads the target and compares it with the files.
    pub async fn compare(&self, planner: &Planner) -> Result<Comparison, Failure> {
        let live = self.read(planner).await?;
        let plan = self.plan(planner, &live)?;
        Ok(Comparison {
            live,
            plan,
            reindex_owed: self.reindex_owed()?,
        })
    }

    /// True if a reindex is owed, as far as the state directory knows.
    pub fn reindex_owed(&self) -> Result<bool, Failure> {
        Ok(Journal::peek(&self.state_dir, &self.rules.label)?)
    }

    /// The run that holds the target's lock now, if any.
    pub fn lock_holder(&self) -> Option<Holder> {
        Journal::at_work(&self.state_dir, &self.rules.label)
    }

    /// Locks the target and opens its journal. The wait for another run does not count as run time.
    pub async fn open_journal(
        &self,
        command: &'static str,
        lock_timeout: Duration,
        observer: &dyn Observer,
    ) -> Result<Journal, Failure> {
        let opening = Opening {
            command,
            max_wait: lock_timeout,
        };
        let began = Instant::now();
        let journal = Journal::open(&self.state_dir, &self.rules.label, opening, observer).await?;
        self.reader.extend(began.elapsed());
        Ok(journal)
    }

    /// Waits until no write of an earlier run can take effect any more, except harmless ones.
    pub async fn settle(
        &self,
        journal: &mut Journal,
        observer: &dyn Observer,
        is_harmless: &(dyn Fn(&LiveState, &OpenWrite) -> bool + Sync),
    ) -> Result<(), Failure> {
        let in_doubt = InDoubtWrites {
            reader: &self.reader,
            journal,
            observer,
            // A first signal ends the whole command here: nothing is held yet.
            cancel: &CancellationToken::new(),
        };
        in_doubt
            .resolve(is_harmless)
            .await
            .map_err(|unsettled| match unsettled {
                Unresolved::Journal(error) => error.into(),
                Unresolved::Interrupted => Failure::error("interrupted; nothing was written"),
            })
    }
}
