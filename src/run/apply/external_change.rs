//! Finds the links that somebody else changed during a run. Pure.

use std::collections::{BTreeMap, HashMap};

use super::outcome::ExternalChange;
use super::write_result::{ChangeResult, LinkResults};
use crate::model::{Link, LiveState, SourceCode};
use crate::reconcile::StockPlan;

/// The links of a plan's stocks that are neither as before the run nor as the run can have left them.
///
/// A link that was not tried must be as before; any other may also be as it was written. A link that was written and is as
/// before may come from a read that lags behind. An incomplete read accuses nobody.
pub(super) fn external_changes(
    stocks: &[StockPlan],
    results: &LinkResults,
    before: &LiveState,
    after: &LiveState,
) -> Vec<ExternalChange> {
    changes(stocks, results, before, after, |expected, found| {
        !expected.allows(found)
    })
}

/// The links of a plan's stocks that were written and are still as before the run.
pub(super) fn not_arrived(
    stocks: &[StockPlan],
    results: &LinkResults,
    before: &LiveState,
    after: &LiveState,
) -> Vec<ExternalChange> {
    changes(stocks, results, before, after, |expected, found| {
        expected.result == ChangeResult::Done && found != expected.wanted && found == expected.before
    })
}

fn changes(
    stocks: &[StockPlan],
    results: &LinkResults,
    before: &LiveState,
    after: &LiveState,
    counts: impl Fn(&Expected, Option<u16>) -> bool + Copy,
) -> Vec<ExternalChange> {
    if !(before.issues.is_empty() && after.issues.is_empty()) {
        return Vec::new();
    }
    stocks
        .iter()
        .flat_map(|stock| of_stock(stock, results, before, after, counts))
        .collect()
}

/// The states that a link may have after the run.
struct Expected {
    before: Option<u16>,
    wanted: Option<u16>,
    result: ChangeResult,
}

impl Expected {
    /// The priority that the run left, as far as it knows.
    fn left(&self) -> Option<u16> {
        match self.result {
            ChangeResult::Done => self.wanted,
            ChangeResult::Failed | ChangeResult::Unknown | ChangeResult::NotTried => self.before,
        }
    }

    fn allows(&self, found: Option<u16>) -> bool {
        let was_tried = self.result != ChangeResult::NotTried;
        found == self.before || (was_tried && found == self.wanted)
    }
}

fn of_stock(
    stock: &StockPlan,
    results: &LinkResults,
    before: &LiveState,
    after: &LiveState,
    counts: impl Fn(&Expected, Option<u16>) -> bool,
) -> Vec<ExternalChange> {
    let (before, after) = (before.links_of(stock.stock_id), after.links_of(stock.stock_id));
    if stock.changes.is_empty() && before == after {
        return Vec::new();
    }
    let found = priorities(after);
    let untouched = |priority: Option<u16>| Expected {
        before: priority,
        wanted: priority,
        result: ChangeResult::NotTried,
    };
    let mut expected: BTreeMap<&SourceCode, Expected> = BTreeMap::new();
    for link in after {
        expected.insert(&link.source, untouched(None));
    }
    for link in before {
        expected.insert(&link.source, untouched(Some(link.priority)));
    }
    for change in &stock.changes {
        let source = change.source_code();
        let link = expected.entry(source).or_insert_with(|| untouched(None));
        link.wanted = change.wanted();
        link.result = results.of(stock.stock_id, source).result();
    }
    expected
        .into_iter()
        .map(|(source, expected)| (source, expected, found.get(source).copied()))
        .filter(|(_, expected, found)| counts(expected, *found))
        .map(|(source, expected, found)| ExternalChange {
            stock_id: stock.stock_id,
            stock: stock.name.clone(),
            source_code: source.clone(),
            left: expected.left(),
            found,
        })
        .collect()
}

fn priorities(links: &[Link]) -> HashMap<&SourceCode, u16> {
    links.iter().map(|link| (&link.source, link.priority)).collect()
}

#[cfg(test)]
mod tests;
