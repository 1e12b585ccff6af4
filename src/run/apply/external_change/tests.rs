//! Tests: the changes of somebody else are found, and none of the run itself.

use proptest::prelude::*;

use super::{ChangeResult, Link, LinkResults, LiveState, SourceCode, StockPlan, external_changes};
use crate::model::{ReadIssue, StockId, StockName};
use crate::reconcile::{Change, MoveKind};
use crate::run::apply::write_result::LinkResult;
use crate::run::journal::Effect;
use spanned_yaml::diag::Place;

const STOCK: StockId = StockId(2);

/// The course of one link through a run.
#[derive(Debug, Clone)]
struct Way {
    before: Option<u16>,
    /// The wanted priority and the result, if the plan changes the link.
    planned: Option<(Option<u16>, ChangeResult)>,
    /// True if a change of unknown result took effect.
    took_effect: bool,
    /// The change of somebody else.
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
    /// The priority that the run left.
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

    /// True if somebody else must have changed it.
    fn is_external(&self) -> bool {
        match self.planned {
            None | Some((_, ChangeResult::NotTried)) => self.after() != self.before,
            Some((wanted, _)) => self.after() != wanted && self.after() != self.before,
        }
    }

    fn change(&self, source_code: SourceCode) -> Option<(Change, LinkResult)> {
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
                kind: MoveKind::Renumber,
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
        Some((change, link_result(result)))
    }
}

fn link_result(result: ChangeResult) -> LinkResult {
    let found = match result {
        ChangeResult::Done => LinkResult::done(),
        ChangeResult::Failed => LinkResult::failed(Effect::None, false),
        ChangeResult::Unknown => LinkResult::failed(Effect::Unknown, true),
        ChangeResult::NotTried => LinkResult::not_tried(String::new()),
    };
    assert_eq!(found.result(), result);
    found
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

/// The numbers of the links that are found to be changed by somebody else.
fn accused(ways: &[Way], doubt: bool) -> Vec<usize> {
    let changes = ways.iter().enumerate();
    let (changes, results): (Vec<_>, Vec<_>) = changes.filter_map(|(at, way)| way.change(code(at))).unzip();
    let mut outcome = LinkResults::default();
    for (change, result) in changes.iter().zip(results) {
        outcome.record(STOCK, change.source_code(), result);
    }
    let stock = StockPlan {
        stock_id: STOCK,
        name: StockName::from_server("Europe Stock"),
        place: Place {
            file: "inventory.yaml".to_owned(),
            line: 1,
            column: 1,
        },
        live_sha256: String::new(),
        live_links: 0,
        wanted_links: 0,
        protected: false,
        before: Vec::new(),
        after: Vec::new(),
        changes,
        reorders: Vec::new(),
        blocked: Vec::new(),
    };
    let before = state(ways.iter().map(|way| way.before));
    let mut after = state(ways.iter().map(Way::after));
    if doubt {
        let reason = "pages of links overlap".to_owned();
        after.issues.push(ReadIssue { reason });
    }
    let found = external_changes(&[stock], &outcome, &before, &after);
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
        let external: Vec<usize> = (0..ways.len()).filter(|at| ways[*at].is_external()).collect();
        prop_assert_eq!(accused(&ways, false), external);
        prop_assert_eq!(accused(&ways, true), Vec::<usize>::new());
    }
}
