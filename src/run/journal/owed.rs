//! The reindex that is owed: for which stocks, and since when. Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::entry::WrittenLink;
use crate::model::StockId;

/// A reindex that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedReindex {
    /// The stocks whose index may lack a write; `None` where they are unknown: then it may be any.
    pub stocks: Option<BTreeSet<StockId>>,
    /// The last event that owes it. An index run that starts later, and ends well, settles it.
    pub since: Timestamp,
}

impl OwedReindex {
    /// What is owed when this is added to what was owed before.
    pub(super) fn added_to(self, before: Option<Self>) -> Self {
        let Some(before) = before else {
            return self;
        };
        let stocks = before.stocks.zip(self.stocks);
        Self {
            stocks: stocks.map(|(before, more)| before.union(&more).copied().collect()),
            since: self.since.max(before.since),
        }
    }

    /// What is still owed once the index of those stocks is proven. What may concern any stock is still owed whole.
    pub(super) fn without(self, proven: &BTreeSet<StockId>) -> Option<Self> {
        let Some(stocks) = self.stocks else {
            return Some(self);
        };
        let left: BTreeSet<StockId> = stocks.difference(proven).copied().collect();
        (!left.is_empty()).then_some(Self {
            stocks: Some(left),
            ..self
        })
    }
}

/// The stocks of some links.
pub(super) fn stocks_of(links: &[WrittenLink]) -> BTreeSet<StockId> {
    links.iter().map(|link| link.stock_id).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::OwedReindex;
    use crate::model::StockId;

    fn owed(stocks: Option<&[u32]>, since: i64) -> OwedReindex {
        OwedReindex {
            stocks: stocks.map(|ids| ids.iter().map(|id| StockId(*id)).collect()),
            since: Timestamp::from_second(since).unwrap(),
        }
    }

    #[test]
    fn what_is_owed_grows_by_stocks_and_an_unknown_stock_is_any() {
        let both = owed(Some(&[3]), 5).added_to(Some(owed(Some(&[2]), 9)));
        assert_eq!(both, owed(Some(&[2, 3]), 9));
        for (before, more) in [(None, Some(&[2][..])), (Some(&[2][..]), None)] {
            let any = owed(more, 9).added_to(Some(owed(before, 5)));
            assert_eq!(any, owed(None, 9));
        }
        assert_eq!(owed(None, 1).added_to(None), owed(None, 1));
    }

    #[test]
    fn a_proof_pays_for_its_own_stocks_alone() {
        let proven = [2, 4].map(StockId).into();
        assert_eq!(owed(Some(&[2, 3]), 1).without(&proven), Some(owed(Some(&[3]), 1)));
        assert_eq!(owed(Some(&[2]), 1).without(&proven), None);
        assert_eq!(owed(None, 1).without(&proven), Some(owed(None, 1)));
    }
}
