//! Checks the inventory index of some stocks, once or until it is proven.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::commerce::Reader;
use crate::model::{DEFAULT_STOCK, Sku, StockId, StockName};
use crate::reconcile::index::{IndexState, IndexVerdict, StockIndex};
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

    /// The stocks whose index matches whole, with nothing that was not asked. One that no website sells from is not among
    /// them: the shop shows no index for it.
    pub(in crate::run) fn matching(&self) -> BTreeSet<StockId> {
        self.stocks_that(IndexState::matches_whole)
    }

    /// The stocks of a check whose index is stale or unknown; `None` if it may be any.
    pub(super) fn not_proven(&self, scope: &Scope) -> Option<BTreeSet<StockId>> {
        let is_open = |index: &_| matches!(index, IndexState::Stale { .. } | IndexState::Unknown { .. });
        match (self, scope) {
            (Self::Read(_), _) => Some(self.stocks_that(is_open)),
            (Self::Unreadable(_), Scope::These(stocks)) => Some(stocks.keys().copied().collect()),
            (Self::Unreadable(_), Scope::Custom) => None,
        }
    }

    fn stocks_that(&self, is_wanted: impl Fn(&IndexState) -> bool) -> BTreeSet<StockId> {
        let stocks = match self {
            Self::Read(stocks) => &**stocks,
            Self::Unreadable(_) => &[],
        };
        let wanted = stocks.iter().filter(|stock| is_wanted(&stock.index));
        wanted.map(|stock| stock.stock_id).collect()
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
        let first = Box::pin(self.look_once(recent)).await;
        if first.verdict() != IndexVerdict::Stale {
            return first;
        }
        Looks { last: Some(first) }.settled(self, recent).await
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
        let mut proof = looks.next(self, recent).await;
        let mut is_confirmed = false;
        while proof.verdict() == IndexVerdict::Stale && started.elapsed() + pause <= timeout {
            observer.notice(Event::IndexStale {
                pause: pause.as_secs(),
            });
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => break,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            observer.notice(Event::ProvingIndex);
            proof = looks.next(self, recent).await;
            is_confirmed = true;
        }
        if proof.verdict() == IndexVerdict::Stale && !is_confirmed {
            return looks.settled(self, recent).await;
        }
        proof
    }
}

/// Checks one after the other, each of which confirms the one before.
#[derive(Debug, Default)]
pub(super) struct Looks {
    last: Option<IndexProof>,
}

impl Looks {
    /// Checks once more; returns what that comes to with the check before. Rows may also have changed between the two and be
    /// wrong still, as after an index run that did not see the last links: then checks right after one another tell.
    pub(super) async fn next(&mut self, prover: &IndexProver<'_>, recent: &RecentWrites) -> IndexProof {
        let look = Box::pin(prover.look_once(recent)).await;
        let Some(before) = self.last.replace(look.clone()) else {
            return look;
        };
        let both = before.confirmed_by(look.clone());
        if is_moving(&look, &both) {
            return self.settled(prover, recent).await;
        }
        both
    }

    /// Checks again at once, and once more if rows change just then.
    async fn settled(&mut self, prover: &IndexProver<'_>, recent: &RecentWrites) -> IndexProof {
        let both = self.pair(prover, recent).await;
        match &self.last {
            Some(look) if is_moving(look, &both) => self.pair(prover, recent).await,
            _ => both,
        }
    }

    async fn pair(&mut self, prover: &IndexProver<'_>, recent: &RecentWrites) -> IndexProof {
        let look = Box::pin(prover.look_once(recent)).await;
        match self.last.replace(look.clone()) {
            Some(before) => before.confirmed_by(look),
            None => look,
        }
    }
}

/// True if a check found stale rows, and each of them was another one than in the check before.
fn is_moving(look: &IndexProof, both: &IndexProof) -> bool {
    look.verdict() == IndexVerdict::Stale && both.verdict() != IndexVerdict::Stale
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
