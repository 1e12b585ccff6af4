//! One target, ready for a command: where it is, how to read it, how careful to be with it.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cli::args::TargetArgs;
use crate::cli::command::sandbox::Rehearsal;
use crate::cli::connect::{connect, tls};
use crate::cli::failure::Failure;
use crate::cli::output::printer::Printer;
use crate::commerce::Reader;
use crate::model::{LiveState, StockName};
use crate::reconcile::{GuardLimits, TargetLabel};
use crate::run::{JournalError, RecentWrites, Reindexer};
use crate::target::{Prove, Target};

/// A target that a command works on.
pub(crate) struct Session {
    /// What the target is called, for plans and reports.
    pub label: TargetLabel,
    /// Its base address.
    pub url: Url,
    /// Reads it.
    pub reader: Reader,
    /// Its guards.
    pub limits: GuardLimits,
    /// The stocks that it protects from deletes.
    pub protect: Vec<StockName>,
    /// Its way to reindex.
    pub reindexer: Reindexer,
    /// How much of a result the target wants proven.
    pub prove: Prove,
    /// How long to look for a proof of the index.
    pub prove_timeout: Duration,
    /// The folder that remembers what was begun.
    pub state_dir: PathBuf,
    /// The embedded shop, when the command runs on one; it ends with the session.
    _rehearsal: Option<Rehearsal>,
}

/// A target that was found; nothing has been sent, and no secret has been fetched.
pub(crate) struct Found {
    /// The target.
    pub target: Target,
    /// The folder that remembers what was begun.
    pub state_dir: PathBuf,
    rehearsal: Option<Rehearsal>,
}

impl Found {
    /// Starts an embedded shop.
    pub(crate) async fn embedded() -> Result<Self, Failure> {
        let rehearsal = Rehearsal::start().await?;
        Ok(Self {
            target: rehearsal.target()?,
            state_dir: rehearsal.state_dir().to_owned(),
            rehearsal: Some(rehearsal),
        })
    }

    /// A shop of its own.
    pub(crate) fn shop(target: Target, state_dir: PathBuf) -> Self {
        Self {
            target,
            state_dir,
            rehearsal: None,
        }
    }

    /// Prepares the way to it; nothing is sent yet.
    pub(crate) async fn open(self) -> Result<Session, Failure> {
        Session::of(self.target, self.state_dir, self.rehearsal).await
    }
}

impl Session {
    /// Reads everything for the first time in a run; again as long as it may be from before the last writes of earlier runs.
    pub(crate) async fn read(&self) -> Result<LiveState, Failure> {
        Ok(self.recent_writes()?.read(&self.reader).await?)
    }

    /// The last writes of earlier runs, which reads may not show yet.
    pub(crate) fn recent_writes(&self) -> Result<RecentWrites, JournalError> {
        RecentWrites::peek(&self.state_dir, &self.label, &self.reader)
    }

    /// Finds the target that the arguments name and prepares the way to it; nothing is sent yet.
    pub(crate) async fn open(args: &TargetArgs, printer: &Printer) -> Result<Self, Failure> {
        args.find(printer).await?.open().await
    }

    async fn of(target: Target, state_dir: PathBuf, rehearsal: Option<Rehearsal>) -> Result<Self, Failure> {
        let tls = tls(&target.connection)?;
        let connection = connect(&target, &tls).await?;
        Ok(Self {
            label: TargetLabel {
                name: target.name.clone(),
                url: target.url.to_string(),
            },
            url: target.url,
            reader: Reader::new(connection),
            limits: GuardLimits {
                max_deletes: target.guard.max_deletes,
                max_delete_percent: target.guard.max_delete_percent,
            },
            protect: target.protect,
            reindexer: Reindexer::new(target.reindex, target.keyring, tls),
            prove: target.prove,
            prove_timeout: target.prove_timeout,
            state_dir,
            _rehearsal: rehearsal,
        })
    }
}
