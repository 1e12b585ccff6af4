//! `--prove`: how much of a result is proven, by flag or as the target says.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::model::{Sku, StockId};
use crate::reconcile::{Change, Plan};
use crate::report::IndexReport;
use crate::run::{IndexProof, IndexProver, Products, Scope};
use crate::target::Prove;

/// How much is proven.
#[derive(Debug, Default, Args)]
pub(crate) struct ProveArgs {
    /// How much to prove, in place of what the target says.
    #[arg(long, value_enum, value_name = "LEVEL")]
    prove: Option<Level>,
}

/// The levels of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    /// The links alone, by a full read.
    Links,
    /// The inventory index too: each row against links and source items.
    Index,
    /// The rows of the products that the target names under `prove`.
    Canary,
}

/// What a run proves of the index.
pub(crate) struct Proving {
    products: Products,
    /// How long to look for it after a reindex; `None` when it is not wanted.
    pub timeout: Option<Duration>,
}

impl ProveArgs {
    /// The level in a word.
    pub(crate) fn word(&self, target: &Prove) -> &'static str {
        match (self.prove, target) {
            (Some(Level::Links), _) | (None, Prove::Links) => "links",
            (Some(Level::Index), _) | (None, Prove::Index) => "index",
            (Some(Level::Canary), _) | (None, Prove::Canary(_)) => "canary",
        }
    }

    /// The flag beats the target.
    pub(crate) fn settled(&self, session: &Session) -> Result<Proving, Failure> {
        let level = match (self.prove, &session.prove) {
            (None, target) => target.clone(),
            (Some(Level::Links), _) => Prove::Links,
            (Some(Level::Index), _) => Prove::Index,
            (Some(Level::Canary), canary @ Prove::Canary(_)) => canary.clone(),
            (Some(Level::Canary), _) => {
                return Err(Failure::usage("--prove canary: the target names no products")
                    .hint("name some in targets.yaml, such as `prove: { canary: [SKU-1] }`"));
            }
        };
        let timeout = (level != Prove::Links).then_some(session.prove_timeout);
        let products = match level {
            Prove::Links | Prove::Index => Products::All,
            Prove::Canary(skus) => Products::Canary(skus.iter().map(|sku| Sku::new(sku)).collect()),
        };
        Ok(Proving { products, timeout })
    }
}

impl Proving {
    /// What a look at the index of those stocks brings, where one is wanted.
    pub(crate) async fn look(&self, session: &Session, scope: Scope) -> Option<IndexReport> {
        if !self.is_wanted() {
            return None;
        }
        let proof = match session.recent_writes() {
            Ok(recent) => self.prover(session, scope).look(&recent).await,
            Err(error) => IndexProof::Unreadable(error.to_string()),
        };
        Some(IndexReport::from(&proof))
    }

    /// Whether the index is looked at.
    pub(crate) fn is_wanted(&self) -> bool {
        self.timeout.is_some()
    }

    /// What looks at the index of those stocks.
    pub(crate) fn prover<'a>(&self, session: &'a Session, scope: Scope) -> IndexProver<'a> {
        IndexProver {
            reader: &session.reader,
            scope,
            products: self.products.clone(),
        }
    }
}

/// The stocks that the files own.
pub(crate) fn owned(plan: &Plan) -> Scope {
    Scope::These(plan.stocks.iter().map(|stock| stock.stock_id).collect())
}

/// The stocks whose index an apply answers for: those in which it creates or deletes links; all owned ones when it does
/// neither; and all there are when a reindex was owed before, since nobody knows for which.
pub(crate) fn touched(plan: &Plan, owed_before: bool) -> Scope {
    if owed_before {
        return Scope::Custom;
    }
    let touched: BTreeSet<StockId> = plan
        .stocks
        .iter()
        .filter(|stock| {
            stock
                .changes
                .iter()
                .any(|change| !matches!(change, Change::Move { .. }))
        })
        .map(|stock| stock.stock_id)
        .collect();
    if touched.is_empty() {
        owned(plan)
    } else {
        Scope::These(touched)
    }
}
