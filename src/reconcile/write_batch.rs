//! Cuts an approved plan into write batches, in the order in which they are sent.

use std::collections::HashSet;

use super::change::{Change, StockPlan};
use super::plan::Plan;
use crate::model::{SourceCode, StockId};

/// A plan that the guards let pass. Only [`super::approve`] makes one, and a writer is given out only for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedPlan {
    plan: Plan,
    deletes_withheld: bool,
}

/// A link to create or to give another priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkWrite {
    /// The stock.
    pub stock: StockId,
    /// The source, spelt as the shop spells it.
    pub source: SourceCode,
    /// The priority to write.
    pub priority: u16,
    /// True if the link does not exist yet.
    pub is_new: bool,
}

/// A link to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKey {
    /// The stock.
    pub stock: StockId,
    /// The source, spelt as the link spells it.
    pub source: SourceCode,
}

/// The links of one write request. The server applies it as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteBatch {
    /// Creates and moves together: the server's save is an upsert.
    Save(Vec<LinkWrite>),
    /// Deletes.
    Delete(Vec<LinkKey>),
}

impl WriteBatch {
    /// Splits the batch into batches of at most `limit` links.
    pub fn cut(&self, limit: usize) -> Vec<Self> {
        match self {
            Self::Save(links) => links
                .chunks(limit.max(1))
                .map(|links| Self::Save(links.to_vec()))
                .collect(),
            Self::Delete(links) => links
                .chunks(limit.max(1))
                .map(|links| Self::Delete(links.to_vec()))
                .collect(),
        }
    }

    /// Splits the batch into two.
    pub fn halves(&self) -> Vec<Self> {
        self.cut(self.len().div_ceil(2))
    }

    /// Moves the links of some stocks into a batch of their own.
    #[must_use]
    pub fn take_out(&mut self, stocks: &HashSet<StockId>) -> Self {
        match self {
            Self::Save(links) => Self::Save(
                links
                    .extract_if(.., |link| stocks.contains(&link.stock))
                    .collect(),
            ),
            Self::Delete(links) => Self::Delete(
                links
                    .extract_if(.., |link| stocks.contains(&link.stock))
                    .collect(),
            ),
        }
    }

    /// The number of links in the batch.
    pub fn len(&self) -> usize {
        match self {
            Self::Save(links) => links.len(),
            Self::Delete(links) => links.len(),
        }
    }

    /// The links in the batch, each with its new priority; `None` for one to delete.
    pub fn links(&self) -> Box<dyn Iterator<Item = (StockId, &SourceCode, Option<u16>)> + '_> {
        match self {
            Self::Save(links) => Box::new(
                links
                    .iter()
                    .map(|link| (link.stock, &link.source, Some(link.priority))),
            ),
            Self::Delete(links) => Box::new(links.iter().map(|link| (link.stock, &link.source, None))),
        }
    }

    /// True if the set of links changes. The inventory index is built from that set; priorities are not in it.
    pub fn needs_reindex(&self) -> bool {
        match self {
            Self::Save(links) => links.iter().any(|link| link.is_new),
            Self::Delete(links) => !links.is_empty(),
        }
    }

    /// True if the batch has no link.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ApprovedPlan {
    pub(super) fn new(plan: Plan, deletes_withheld: bool) -> Self {
        Self {
            plan,
            deletes_withheld,
        }
    }

    /// The plan that was approved.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// True if the plan's deletes are left out because the read may be incomplete.
    pub fn deletes_withheld(&self) -> bool {
        self.deletes_withheld
    }

    /// The batches in order, with at most `size` links each. All creates and moves come before the first delete, so that no
    /// stock is without a source in between.
    pub fn batches(&self, size: usize) -> Vec<WriteBatch> {
        let size = size.max(1);
        let saves: Vec<LinkWrite> = self
            .changes()
            .filter_map(|(stock, change)| save(stock, change))
            .collect();
        let deletes: Vec<LinkKey> = self
            .changes()
            .filter(|_| !self.deletes_withheld)
            .filter(|(_, change)| change.is_delete())
            .map(|(stock, change)| LinkKey {
                stock: stock.stock_id,
                source: change.source_code().clone(),
            })
            .collect();
        let saves = saves.chunks(size).map(|links| WriteBatch::Save(links.to_vec()));
        saves
            .chain(
                deletes
                    .chunks(size)
                    .map(|links| WriteBatch::Delete(links.to_vec())),
            )
            .collect()
    }

    fn changes(&self) -> impl Iterator<Item = (&StockPlan, &Change)> {
        self.plan
            .stocks
            .iter()
            .flat_map(|stock| stock.changes.iter().map(move |change| (stock, change)))
    }
}

fn save(stock: &StockPlan, change: &Change) -> Option<LinkWrite> {
    let is_new = matches!(change, Change::Create { .. });
    let source = change.source_code().clone();
    change.wanted().map(|priority| LinkWrite {
        stock: stock.stock_id,
        source,
        priority,
        is_new,
    })
}
