//! Strategies that draw a shop and a file at random.

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::shape::{CODES, NAMES, StockShape, WantedShape, World};

fn spelling() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(0_u8), 1 => 0..4_u8]
}

/// Few numbers, so that ties and neighbours are common; now and then the ends of the range.
fn live_priority() -> impl Strategy<Value = u16> {
    prop_oneof![12 => 0..=9_u16, 1 => Just(65535_u16), 1 => 65530..=65535_u16]
}

fn wanted_priority() -> impl Strategy<Value = u16> {
    prop_oneof![12 => 1..=9_u16, 1 => Just(65535_u16)]
}

fn some_sources() -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..CODES.len()).collect::<Vec<_>>(), 0..=6).prop_shuffle()
}

fn wanted_shape() -> impl Strategy<Value = WantedShape> {
    let ordered = some_sources().prop_flat_map(|sources| {
        let spellings = prop::collection::vec(spelling(), sources.len());
        spellings.prop_map(move |spellings| sources.iter().copied().zip(spellings).collect())
    });
    let explicit = some_sources().prop_flat_map(|sources| {
        let rest = prop::collection::vec((wanted_priority(), spelling()), sources.len());
        rest.prop_map(move |rest| {
            let links = sources.iter().zip(rest);
            links
                .map(|(source, (priority, way))| (*source, priority, way))
                .collect()
        })
    });
    prop_oneof![2 => ordered.prop_map(WantedShape::Ordered), 1 => explicit.prop_map(WantedShape::Explicit)]
}

/// Live links that have nothing to do with the wanted ones.
fn far_from() -> BoxedStrategy<Vec<(usize, u16, u8)>> {
    some_sources()
        .prop_flat_map(|sources| {
            let rest = prop::collection::vec((live_priority(), spelling()), sources.len());
            rest.prop_map(move |rest| {
                let links = sources.iter().zip(rest);
                links
                    .map(|(source, (priority, way))| (*source, priority, way))
                    .collect()
            })
        })
        .boxed()
}

/// Live links that are nearly the wanted ones: some missing, some out of place.
fn near_to(wanted: &WantedShape) -> BoxedStrategy<Vec<(usize, u16, u8)>> {
    let links: Vec<(usize, u16)> = match wanted {
        WantedShape::Ordered(links) => links
            .iter()
            .zip(1_u16..)
            .map(|(link, at)| (link.0, at * 2))
            .collect(),
        WantedShape::Explicit(links) => links.iter().map(|link| (link.0, link.1)).collect(),
    };
    let count = links.len();
    let tweak = (
        prop::bool::weighted(0.9),
        prop_oneof![5 => Just(0_u16), 1 => 0..4_u16],
        spelling(),
    );
    prop::collection::vec(tweak, count)
        .prop_map(move |tweaks| {
            let retained = links.iter().zip(tweaks).filter(|(_, tweak)| tweak.0);
            retained
                .map(|((source, priority), (_, less, way))| (*source, priority.saturating_sub(less), way))
                .collect()
        })
        .boxed()
}

fn stock_shape() -> impl Strategy<Value = StockShape> {
    let managed = wanted_shape().prop_flat_map(|wanted| {
        let live = prop_oneof![far_from(), near_to(&wanted)];
        (live, spelling()).prop_map(move |(live, way)| (live, Some((wanted.clone(), way))))
    });
    let unmanaged = far_from().prop_map(|live| (live, None));
    let default_link = prop_oneof![
        6 => Just(None),
        1 => live_priority().prop_map(|priority| Some(("default", priority))),
        1 => live_priority().prop_map(|priority| Some(("DEFAULT", priority))),
        1 => live_priority().prop_map(|priority| Some(("Default", priority))),
    ];
    (
        prop_oneof![4 => managed.boxed(), 1 => unmanaged.boxed()],
        default_link,
    )
        .prop_map(|((live, wanted), default_link)| StockShape {
            live,
            default_link,
            wanted,
        })
}

/// A random shop with a random file; the read is to be trusted.
pub fn world() -> impl Strategy<Value = World> {
    let sources = prop::collection::vec((prop::bool::weighted(0.7), spelling()), CODES.len());
    let stocks = prop::collection::vec(stock_shape(), 1..=NAMES.len());
    (sources, stocks).prop_map(|(sources, stocks)| World {
        sources,
        stocks,
        may_be_incomplete: false,
        protected: Vec::new(),
    })
}
