//! The extent of an index check: how much of the inventory index, and of which stocks.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::reindex::{IndexProof, IndexProver, Products, Scope};
use super::session::Session;
use crate::model::{Sku, StockId, StockName};
use crate::reconcile::{Change, Plan, StockPlan};
use crate::target::Prove;

/// The check of the index that a use case makes.
#[derive(Debug, Clone)]
pub struct IndexCheck {
    products: Products,
    timeout: Option<Duration>,
    seed: u64,
}

impl IndexCheck {
    /// The check for a level of proof, with the longest wait after a reindex.
    pub fn new(level: &Prove, timeout: Duration) -> Self {
        Self {
            products: match level {
                Prove::Links | Prove::Index => Products::All,
                Prove::Canary(skus) => Products::Canary(skus.iter().map(|sku| Sku::new(sku)).collect()),
            },
            timeout: (*level != Prove::Links).then_some(timeout),
            seed: Uuid::new_v4().as_u64_pair().0,
        }
    }

    /// True if the index is checked at all.
    pub fn is_wanted(&self) -> bool {
        self.timeout.is_some()
    }

    /// Longest wait for the proof after a reindex; `None` if the index is not checked.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Checks the index of those stocks, if that is wanted.
    pub async fn run(&self, session: &Session, scope: Scope) -> Option<IndexProof> {
        if !self.is_wanted() {
            return None;
        }
        Some(match session.recent_writes() {
            Ok(recent) => self.prover(session, scope).look(&recent).await,
            Err(error) => IndexProof::Unreadable(error.to_string()),
        })
    }

    /// The prover for those stocks.
    pub fn prover<'a>(&self, session: &'a Session, scope: Scope) -> IndexProver<'a> {
        IndexProver {
            reader: &session.reader,
            scope,
            products: self.products.clone(),
            seed: self.seed,
        }
    }
}

/// The stocks that the files own.
pub fn owned_stocks(plan: &Plan) -> Scope {
    Scope::These(plan.stocks.iter().map(named).collect())
}

/// The stocks whose index an apply answers for: those where it creates or deletes links, else all owned ones. If a reindex
/// was owed before, nobody knows for which stocks, so all count.
pub fn touched_stocks(plan: &Plan, owed_before: bool) -> Scope {
    if owed_before {
        return Scope::Custom;
    }
    let is_touched = |stock: &&StockPlan| {
        let mut changes = stock.changes.iter();
        changes.any(|change| !matches!(change, Change::Move { .. }))
    };
    let touched: BTreeMap<_, _> = plan.stocks.iter().filter(is_touched).map(named).collect();
    if touched.is_empty() {
        owned_stocks(plan)
    } else {
        Scope::These(touched)
    }
}

fn named(stock: &StockPlan) -> (StockId, StockName) {
    (stock.stock_id, stock.name.clone())
}
