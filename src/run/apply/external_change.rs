//! Which links somebody else changed while a run was at work. Pure.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Link, LiveState, SourceCode};
use crate::reconcile::StockPlan;
use crate::run::outcome::{ChangeOutcome, ChangeResult, ExternalChange};

/// The links of a plan's stocks that are neither as they were before the run nor as the run can have left them, with
/// the outcome of each change as in [`crate::run::outcome::LinksOutcome::results`].
///
/// A link that was not tried must be as it was before, any other that or as it was written: one that was done and is as it was
/// before may be read from before that write. Doubtful reads accuse nobody.
pub(super) fn external_changes(
    stocks: &[StockPlan],
    outcomes: &[Vec<ChangeOutcome>],
    before: &LiveState,
    after: &LiveState,
) -> Vec<ExternalChange> {
    changes(stocks, outcomes, before, after, |expected, found| {
        !expected.allows(found)
    })
}

/// The links of a plan's stocks that were written and are still as they were before the run.
pub(super) fn not_arrived(
    stocks: &[StockPlan],
    outcomes: &[Vec<ChangeOutcome>],
    before: &LiveState,
    after: &LiveState,
) -> Vec<ExternalChange> {
    changes(stocks, outcomes, before, after, |expected, found| {
        expected.result == ChangeResult::Done && found != expected.wanted && found == expected.before
    })
}

fn changes(
    stocks: &[StockPlan],
    outcomes: &[Vec<ChangeOutcome>],
    before: &LiveState,
    after: &LiveState,
    counts: impl Fn(&Expected, Option<u16>) -> bool + Copy,
) -> Vec<ExternalChange> {
    if !(before.issues.is_empty() && after.issues.is_empty()) {
        return Vec::new();
    }
    stocks
        .iter()
        .zip(outcomes)
        .flat_map(|(stock, outcomes)| of_stock(stock, outcomes, before, after, counts))
        .collect()
}

/// What a link may be after the run.
struct Expected {
    before: Option<u16>,
    wanted: Option<u16>,
    result: ChangeResult,
}

impl Expected {
    /// What the run left of the link, as far as it knows.
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
    outcomes: &[ChangeOutcome],
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
    for (change, outcome) in stock.changes.iter().zip(outcomes) {
        let link = expected
            .entry(change.source_code())
            .or_insert_with(|| untouched(None));
        link.wanted = change.wanted();
        link.result = outcome.result;
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
mod tests {
    use proptest::prelude::*;

    use super::{ChangeOutcome, ChangeResult, Link, LiveState, SourceCode, StockPlan, external_changes};
    use crate::model::{ReadIssue, StockId, StockName};
    use crate::reconcile::Change;
    use spanned_yaml::diag::Place;

    const STOCK: StockId = StockId(2);

    /// One link's way through a run.
    #[derive(Debug, Clone)]
    struct Way {
        before: Option<u16>,
        /// What the plan wants, if it changes the link, and what came of that.
        planned: Option<(Option<u16>, ChangeResult)>,
        /// Whether a change whose outcome is unclear took effect.
        took_effect: bool,
        /// What somebody else made of it, if anything.
        others: Others,
    }

    #[derive(Debug, Clone, Copy)]
    enum Others {
        Leave,
        Make(Option<u16>),
    }

    fn way() -> impl Strategy<Value = Way> {
        let priority = || prop::option::of(1..4_u16);
        let result = prop::sample::select(vec![
            ChangeResult::Done,
            ChangeResult::Failed,
            ChangeResult::Unknown,
            ChangeResult::NotTried,
        ]);
        let planned = prop::option::of((priority(), result));
        let others = prop_oneof![Just(Others::Leave), priority().prop_map(Others::Make)];
        (priority(), planned, any::<bool>(), others).prop_map(|(before, planned, took_effect, others)| Way {
            before,
            planned: planned.filter(|(wanted, _)| *wanted != before),
            took_effect,
            others,
        })
    }

    impl Way {
        /// What the run left of the link.
        fn left(&self) -> Option<u16> {
            match self.planned {
                Some((wanted, ChangeResult::Done)) => wanted,
                Some((wanted, ChangeResult::Failed | ChangeResult::Unknown)) if self.took_effect => wanted,
                _ => self.before,
            }
        }

        fn after(&self) -> Option<u16> {
            match self.others {
                Others::Leave => self.left(),
                Others::Make(priority) => priority,
            }
        }

        /// Whether it must have been somebody else.
        fn is_foreign(&self) -> bool {
            match self.planned {
                None | Some((_, ChangeResult::NotTried)) => self.after() != self.before,
                Some((wanted, _)) => self.after() != wanted && self.after() != self.before,
            }
        }

        fn change(&self, source_code: SourceCode) -> Option<(Change, ChangeOutcome)> {
            let place = Place {
                file: "inventory.yaml".to_owned(),
                line: 1,
                column: 1,
            };
            let (wanted, result) = self.planned?;
            let change = match (self.before, wanted) {
                (Some(before), Some(after)) => Change::Move {
                    source_code,
                    before,
                    after,
                    place,
                },
                (None, Some(priority)) => Change::Create {
                    source_code,
                    priority,
                    place,
                },
                (before, None) => Change::Delete {
                    source_code,
                    before: before?,
                    place,
                },
            };
            Some((change, result.into()))
        }
    }

    fn code(at: usize) -> SourceCode {
        SourceCode::from_server(&format!("s{at}"))
    }

    fn state(priorities: impl Iterator<Item = Option<u16>>) -> LiveState {
        let links = priorities.enumerate().filter_map(|(at, priority)| {
            Some(Link {
                stock: STOCK,
                source: code(at),
                priority: priority?,
            })
        });
        LiveState {
            links: links.collect(),
            ..LiveState::default()
        }
    }

    /// The links that are found to be somebody else's, by number.
    fn accused(ways: &[Way], doubt: bool) -> Vec<usize> {
        let changes = ways.iter().enumerate();
        let (changes, outcomes): (Vec<_>, Vec<_>) =
            changes.filter_map(|(at, way)| way.change(code(at))).unzip();
        let stock = StockPlan {
            stock_id: STOCK,
            name: StockName::from_server("Europe Stock"),
            place: Place {
                file: "inventory.yaml".to_owned(),
                line: 1,
                column: 1,
            },
            live_links: 0,
            wanted_links: 0,
            protected: false,
            before: Vec::new(),
            after: Vec::new(),
            changes,
            blocked: Vec::new(),
        };
        let before = state(ways.iter().map(|way| way.before));
        let mut after = state(ways.iter().map(Way::after));
        if doubt {
            let reason = "pages of links overlap".to_owned();
            after.issues.push(ReadIssue { reason });
        }
        let found = external_changes(&[stock], &[outcomes], &before, &after);
        for change in &found {
            let link = after.links.iter().find(|link| link.source == change.source_code);
            assert_eq!(change.found, link.map(|link| link.priority));
            assert_ne!(change.found, change.left);
        }
        (0..ways.len())
            .filter(|at| found.iter().any(|change| change.source_code == code(*at)))
            .collect()
    }

    proptest! {
        #[test]
        fn what_the_run_itself_left_is_nobody_elses(mut ways in prop::collection::vec(way(), 0..9)) {
            for way in &mut ways {
                way.others = Others::Leave;
            }
            prop_assert_eq!(accused(&ways, false), Vec::<usize>::new());
        }

        #[test]
        fn what_the_run_cannot_have_left_is_somebody_elses(ways in prop::collection::vec(way(), 0..9)) {
            let foreign: Vec<usize> = (0..ways.len()).filter(|at| ways[*at].is_foreign()).collect();
            prop_assert_eq!(accused(&ways, false), foreign);
            prop_assert_eq!(accused(&ways, true), Vec::<usize>::new());
        }
    }
}
