//! The default limits and protection, on stocks of few links.

use stocktake::model::GuardLimits;
use stocktake::reconcile::GuardOverrides;

use super::name_of;
use crate::properties::world::{CODES, StockShape, WantedShape, World};

/// What the default guards say of one stock of so many enabled links, of which only the first few stay.
fn verdict(live: usize, retained: usize) -> Vec<String> {
    verdict_where(live, retained, Vec::new())
}

/// The same of a stock that may be protected.
fn verdict_where(live: usize, retained: usize, protected: Vec<(usize, u8)>) -> Vec<String> {
    let shape = StockShape {
        live: (0..live)
            .zip(1..)
            .map(|(source, priority)| (source, priority, 0))
            .collect(),
        default_link: None,
        wanted: Some((
            WantedShape::Ordered((0..retained).map(|source| (source, 0)).collect()),
            0,
        )),
    };
    let world = World {
        sources: vec![(true, 0); CODES.len()],
        stocks: vec![shape],
        may_be_incomplete: false,
        protected,
    };
    let plan = world.guarded_plan(&world.live(), GuardLimits::default(), &GuardOverrides::default());
    let guards = plan.guards.iter().map(name_of);
    guards
        .map(|name| name.split('=').next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_defaults_are_ten_deletes_and_thirty_percent() {
    let limits = GuardLimits::default();
    assert_eq!((limits.max_deletes, limits.max_delete_percent), (10, 30));
}

#[test]
fn a_protected_stock_loses_no_link_however_small_it_is() {
    for live in 1..=3 {
        for retained in 0..live {
            let guards = verdict_where(live, retained, vec![(0, 1)]);
            assert!(
                guards.contains(&"protected".to_owned()),
                "{retained} of {live}: {guards:?}"
            );
        }
        assert_eq!(verdict_where(live, live, vec![(0, 1)]), [""; 0]);
    }
}

#[test]
fn small_stocks_are_guarded_like_large_ones() {
    assert_eq!(verdict(1, 0), ["empty-stock"]);
    assert_eq!(verdict(2, 1), [""; 0], "one delete is not judged by its part");
    assert_eq!(verdict(2, 0), ["delete-percent", "empty-stock"]);
    assert_eq!(verdict(3, 2), [""; 0], "one delete is not judged by its part");
    assert_eq!(verdict(3, 1), ["delete-percent"]);
    assert_eq!(verdict(3, 0), ["delete-percent", "empty-stock"]);
    assert_eq!(verdict(6, 4), ["delete-percent"]);
    assert_eq!(
        verdict(7, 5),
        [""; 0],
        "two of seven are less than thirty percent"
    );
}
