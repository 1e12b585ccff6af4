//! Checks the inventory index of some stocks, once or until it is proven.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::commerce::Reader;
use crate::model::{DEFAULT_STOCK, Sku, StockId, StockName};
use crate::reconcile::index::{IndexVerdict, StockIndex};
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};

/// The first pause between two checks; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two checks.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The stocks whose index is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// These, with the names that the plan knows them by: a stock is checked by its id, whatever it is called now.
    These(BTreeMap<StockId, StockName>),
    /// All but the Default Stock, whose rows are read live.
    Custom,
}

impl Scope {
    /// True if a stock is checked.
    pub(super) fn contains(&self, stock: StockId) -> bool {
        match self {
            Self::These(stocks) => stocks.contains_key(&stock),
            Self::Custom => stock != DEFAULT_STOCK,
        }
    }
}

/// The products whose rows are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Products {
    /// All.
    All,
    /// These, by SKU.
    Canary(Vec<Sku>),
}

/// The result of a check of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexProof {
    /// The state of each stock's index, by id.
    Read(Vec<StockIndex>),
    /// Links or source items could not be read, or only incompletely.
    Unreadable(String),
}

impl IndexProof {
    /// The verdict over all stocks.
    pub fn verdict(&self) -> IndexVerdict {
        match self {
            Self::Read(stocks) => IndexVerdict::of(stocks),
            Self::Unreadable(_) => IndexVerdict::Unknown,
        }
    }

    /// Combines it with the next check. A row counts as stale only if both find it so, see
    /// [`crate::reconcile::index::IndexState::confirmed_by`].
    fn confirmed_by(&self, later: Self) -> Self {
        match (self, later) {
            (Self::Read(first), Self::Read(later)) => Self::Read(confirmed(first, later)),
            (_, later) => later,
        }
    }
}

/// Checks the index of a target. It only reads.
pub struct IndexProver<'a> {
    /// Reads the target.
    pub reader: &'a Reader,
    /// The stocks to check.
    pub scope: Scope,
    /// The products to check.
    pub products: Products,
    /// Decides which of the products that no row shows are asked about. Runs with other seeds ask about others.
    pub seed: u64,
}

impl IndexProver<'_> {
    /// Checks again where the first check finds a stale index: only a difference that both show counts. The links that are
    /// read must show the last writes, since a stale index agrees with links from before them.
    pub async fn look(&self, recent: &RecentWrites) -> IndexProof {
        let first = self.look_once(recent).await;
        if first.verdict() != IndexVerdict::Stale {
            return first;
        }
        first.confirmed_by(self.look_once(recent).await)
    }

    /// Checks until nothing is stale or the time is over. An interrupt ends it after the current check.
    pub async fn look_until(
        &self,
        recent: &RecentWrites,
        timeout: Duration,
        observer: &dyn Observer,
        cancel: &CancellationToken,
    ) -> IndexProof {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        observer.notice(Event::ProvingIndex);
        let mut looks = Looks::default();
        let mut proof = looks.take(self.look_once(recent).await);
        while proof.verdict() == IndexVerdict::Stale && started.elapsed() + pause <= timeout {
            observer.notice(Event::IndexStale {
                pause: pause.as_secs(),
            });
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => return proof,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            observer.notice(Event::ProvingIndex);
            proof = looks.take(self.look_once(recent).await);
        }
        if proof.verdict() == IndexVerdict::Stale && looks.number == 1 {
            return looks.take(self.look_once(recent).await);
        }
        proof
    }
}

/// Checks one after the other, each of which confirms the one before.
#[derive(Debug, Default)]
pub(super) struct Looks {
    last: Option<IndexProof>,
    number: usize,
}

impl Looks {
    /// Takes in a check; returns what it comes to with the one before.
    pub(super) fn take(&mut self, look: IndexProof) -> IndexProof {
        self.number += 1;
        match self.last.replace(look.clone()) {
            Some(before) => before.confirmed_by(look),
            None => look,
        }
    }
}

/// The state of each stock that both checks confirm.
fn confirmed(first: &[StockIndex], later: Vec<StockIndex>) -> Vec<StockIndex> {
    let both = later.into_iter().map(|later| {
        let first = first.iter().find(|first| first.stock_id == later.stock_id);
        match first {
            Some(first) => StockIndex {
                index: first.index.clone().confirmed_by(later.index),
                ..later
            },
            None => later,
        }
    });
    both.collect()
}
