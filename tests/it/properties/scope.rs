//! The scope of a plan: for the stocks that are named it is the plan of all, and it needs nothing that is read of the others.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocktake::model::{DEFAULT_STOCK, LiveState, SourceCode, StockName};
use stocktake::reconcile::{GuardOverrides, StockScope};

use super::world::{NAMES, NO_LIMITS, World, spell, world};

/// Some of the stocks, in some spelling.
fn names() -> impl Strategy<Value = Vec<StockName>> {
    let name = (0..NAMES.len(), 0..4_u8).prop_map(|(at, way)| StockName::from_server(&spell(NAMES[at], way)));
    prop::collection::vec(name, 1..=3)
}

/// What a read of these stocks alone finds: their links, and the sources that these or the files name.
fn only(world: &World, scope: &StockScope) -> LiveState {
    let live = world.live();
    let ids: BTreeSet<_> = live
        .stocks
        .iter()
        .filter(|stock| stock.id == DEFAULT_STOCK || scope.covers(&stock.name))
        .map(|stock| stock.id)
        .collect();
    let mut links = live.links.clone();
    links.retain(|link| ids.contains(&link.stock));
    let spec = world.spec();
    let wanted = spec.stocks.iter().filter(|stock| scope.covers(&stock.name));
    let wanted = wanted.flat_map(|stock| stock.links.numbered().map(|(source, _)| source.code.clone()));
    let codes: BTreeSet<SourceCode> = links
        .iter()
        .map(|link| link.source.clone())
        .chain(wanted)
        .collect();
    let mut sources = live.sources.clone();
    sources.retain(|source| codes.contains(&source.code));
    LiveState {
        links,
        sources,
        ..live
    }
}

proptest! {
    #[test]
    fn a_scoped_plan_is_a_part_of_the_whole_one(world in world(), names in names()) {
        let scope = StockScope::of(names);
        let live = world.live();
        let whole = world.plan(&live);
        let allow = GuardOverrides::default();
        let plan = world.scoped_plan(&live, &scope, NO_LIMITS, &allow);
        let stocks: Vec<_> = whole.stocks.iter().filter(|stock| scope.covers(&stock.name)).cloned().collect();
        prop_assert_eq!(&plan.stocks, &stocks);
        let unmanaged: Vec<_> = whole.unmanaged.iter().filter(|stock| scope.covers(&stock.name)).cloned().collect();
        prop_assert_eq!(&plan.unmanaged, &unmanaged);
        prop_assert_eq!(plan.summary.unmanaged_stocks as usize, unmanaged.len());
        prop_assert_eq!(&plan.doubts, &whole.doubts);
        let described = plan.scope.clone().expect("it is scoped");
        prop_assert_eq!(described.again(), scope.clone());
        let known = live.stocks.iter().filter(|stock| scope.covers(&stock.name)).count();
        prop_assert_eq!(described.stocks.len(), known);

        let partial = world.scoped_plan(&only(&world, &scope), &scope, NO_LIMITS, &allow);
        prop_assert_eq!(partial, plan);
    }

    #[test]
    fn the_digests_of_a_scoped_plan_are_those_of_its_stocks(world in world(), names in names(), at in any::<prop::sample::Index>()) {
        let scope = StockScope::of(names);
        let allow = GuardOverrides::default();
        let live = world.live();
        let plan = world.scoped_plan(&live, &scope, NO_LIMITS, &allow);
        let mut other = live.clone();
        let place = at.index(other.links.len());
        other.links[place].priority ^= 1;
        let changed = other.links[place].stock;
        let now = world.scoped_plan(&other, &scope, NO_LIMITS, &allow);
        let mut rests_on_it = false;
        for (was, now) in plan.stocks.iter().zip(&now.stocks) {
            prop_assert_eq!(was.live_sha256 != now.live_sha256, was.stock_id == changed);
            rests_on_it |= was.stock_id == changed;
        }
        prop_assert_eq!(&plan.topology_sha256, &now.topology_sha256);
        prop_assert_eq!(plan.live_sha256 != now.live_sha256, rests_on_it);
        prop_assert_eq!(now.stale_reasons_since(&plan).is_empty(), !rests_on_it);
    }
}

#[test]
fn a_name_that_nobody_has_is_told_with_the_likely_spelling() {
    let world = World {
        sources: vec![(true, 0); 8],
        stocks: Vec::new(),
        may_be_incomplete: false,
        protected: Vec::new(),
    };
    let names = ["default stok", "zzz", "DEFAULT STOCK"].map(StockName::from_server);
    let scope = StockScope::of(names);
    let plan = world.scoped_plan(&world.live(), &scope, NO_LIMITS, &GuardOverrides::default());
    let scope = plan.scope.expect("it is scoped");
    assert_eq!(scope.stocks[0].as_str(), "Default Stock");
    let unknown = scope
        .unknown
        .iter()
        .map(|stock| (stock.name.as_str(), stock.likely.as_ref().map(StockName::as_str)));
    assert_eq!(
        unknown.collect::<Vec<_>>(),
        [("default stok", Some("Default Stock")), ("zzz", None)]
    );
}
