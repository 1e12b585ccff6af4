//! Plans, carried out call by call on the model of the server: they arrive, with the fewest writes and no gap.

mod random;

use std::collections::{BTreeMap, BTreeSet};

use stocktake::model::{SourceCode, StockId};
use stocktake::reconcile::{ApprovedPlan, Change, GuardOverrides, Plan, WriteBatch, approve};

use super::order::fewest_changes;
use super::server::{Row, Server, key};
use super::world::{CODES, NO_LIMITS, StockShape, WantedShape, World};

/// Approves a plan with each guard that it runs into allowed by name.
fn approve_all(plan: &Plan) -> ApprovedPlan {
    let names: Vec<&str> = plan
        .guards
        .iter()
        .filter_map(|verdict| verdict.allowance.as_deref())
        .collect();
    approve(plan.clone(), NO_LIMITS, &GuardOverrides::parse(names).unwrap()).unwrap()
}

/// The stocks that the file owns, with their ids and wanted links.
fn owned(world: &World) -> impl Iterator<Item = (StockId, &StockShape, &WantedShape)> {
    world.stocks.iter().enumerate().filter_map(|(at, shape)| {
        let (wanted, _) = shape.wanted.as_ref()?;
        Some((World::id(at), shape, wanted))
    })
}

/// The call in pieces of one link, in order.
fn single_links(call: &WriteBatch) -> Vec<WriteBatch> {
    match call {
        WriteBatch::Save(links) => links
            .iter()
            .map(|link| WriteBatch::Save(vec![link.clone()]))
            .collect(),
        WriteBatch::Delete(links) => links
            .iter()
            .map(|link| WriteBatch::Delete(vec![link.clone()]))
            .collect(),
    }
}

/// The fewest link writes that bring a stock from its live links to the wanted ones, found by brute force.
fn fewest_writes(shape: &StockShape, wanted: &WantedShape) -> usize {
    let live: BTreeMap<usize, u16> = shape.live.iter().map(|link| (link.0, link.1)).collect();
    let sources: BTreeSet<usize> = wanted.sources().into_iter().collect();
    let unwanted = live.keys().filter(|source| !sources.contains(source)).count();
    let default_goes = shape
        .default_link
        .is_some_and(|(spelling, _)| spelling != "default");
    let upserts = match wanted {
        WantedShape::Ordered(links) => {
            let numbers: Vec<Option<u16>> = links.iter().map(|link| live.get(&link.0).copied()).collect();
            fewest_changes(&numbers, u16::MAX)
        }
        WantedShape::Explicit(links) => {
            let differs = |link: &&(usize, u16, u8)| live.get(&link.0) != Some(&link.1);
            links.iter().filter(differs).count()
        }
    };
    unwanted + usize::from(default_goes) + upserts
}

/// Checks that a stock's links are exactly the wanted ones, aside from a link of exactly `default`.
fn check_arrived(server: &Server, stock: StockId, shape: &StockShape, wanted: &WantedShape) {
    let mut rows = server.rows_of(stock);
    let blocked: Vec<&Row> = rows
        .iter()
        .copied()
        .filter(|row| row.spelling == "default")
        .collect();
    let stays = shape.default_link.filter(|(spelling, _)| *spelling == "default");
    assert_eq!(
        blocked.first().map(|row| row.priority),
        stays.map(|(_, priority)| priority)
    );
    rows.retain(|row| row.spelling != "default");
    rows.sort_by_key(|row| row.priority);
    let mut found: Vec<(u16, String)> = rows
        .iter()
        .map(|row| (row.priority, key(&row.spelling)))
        .collect();
    match wanted {
        WantedShape::Ordered(links) => {
            assert!(
                found.is_sorted_by(|a, b| a.0 < b.0),
                "{found:?} has no strict order"
            );
            let codes: Vec<String> = links.iter().map(|link| key(CODES[link.0])).collect();
            assert_eq!(found.into_iter().map(|(_, code)| code).collect::<Vec<_>>(), codes);
        }
        WantedShape::Explicit(links) => {
            let mut asked: Vec<(u16, String)> =
                links.iter().map(|link| (link.1, key(CODES[link.0]))).collect();
            asked.sort();
            found.sort();
            assert_eq!(found, asked);
        }
    }
}

/// The owned stocks with a link, and those with a link of an enabled source.
fn served(world: &World, server: &Server) -> (BTreeSet<StockId>, BTreeSet<StockId>) {
    let mut any = BTreeSet::new();
    let mut enabled = BTreeSet::new();
    for (stock, _, _) in owned(world) {
        let rows = server.rows_of(stock);
        if !rows.is_empty() {
            any.insert(stock);
        }
        if rows.iter().any(|row| world.is_enabled(&row.spelling)) {
            enabled.insert(stock);
        }
    }
    (any, enabled)
}

/// Carries the calls out and checks after each that no stock has lost what it had and shall have.
fn execute(world: &World, server: &mut Server, calls: &[WriteBatch]) {
    let before = served(world, server);
    let mut end = server.clone();
    for call in calls {
        end.call(call).unwrap();
    }
    let after = served(world, &end);
    for call in calls {
        server.call(call).unwrap();
        let now = served(world, server);
        assert!(
            before.0.intersection(&after.0).all(|stock| now.0.contains(stock)),
            "a gap after {call:?}"
        );
        assert!(
            before.1.intersection(&after.1).all(|stock| now.1.contains(stock)),
            "only disabled sources after {call:?}"
        );
    }
}

/// Carries one link out and checks that it changes something, exactly what it says.
fn carry_out_with_effect(server: &mut Server, call: &WriteBatch) {
    let before = server.clone();
    server.call(call).unwrap();
    assert_ne!(before.rows, server.rows, "{call:?} changes nothing");
}

/// The live order of every custom stock without ties, zeros or `default` links, as a file that wants exactly that.
fn as_it_is(world: &World) -> World {
    let mut same = world.clone();
    for (shape, at) in same.stocks.iter_mut().zip(0_u8..) {
        shape.default_link = None;
        shape.live.iter_mut().for_each(|link| link.1 = link.1.max(1));
        shape.live.sort_by_key(|link| link.1);
        shape.live.dedup_by_key(|link| link.1);
        let explicit = shape.live.iter().rev().copied().collect();
        let ordered = shape.live.iter().map(|link| (link.0, 3 - link.2)).collect();
        let wanted = match shape.wanted {
            Some((WantedShape::Explicit(_), _)) => WantedShape::Explicit(explicit),
            _ => WantedShape::Ordered(ordered),
        };
        shape.wanted = Some((wanted, at % 4));
    }
    same
}

/// Every name and code of a plan, as it is spelt.
fn spellings(plan: &Plan) -> Vec<&str> {
    let of_stocks = plan.stocks.iter().flat_map(|stock| {
        let changes = stock.changes.iter().map(Change::source_code);
        let ranked = stock
            .before
            .iter()
            .chain(&stock.after)
            .map(|link| &link.source_code);
        let blocked = stock.blocked.iter().map(|link| &link.source_code);
        let codes = changes.chain(ranked).chain(blocked);
        codes.map(SourceCode::as_str).chain([stock.name.as_str()])
    });
    of_stocks
        .chain(plan.unmanaged.iter().map(|stock| stock.name.as_str()))
        .collect()
}

/// Checks the order that a reader finds: deletes by code, then creates and moves by their new priority.
fn check_order_of_changes(changes: &[Change]) {
    let place = |change: &Change| match change {
        Change::Create { priority, .. } => (1, *priority, String::new()),
        Change::Move { after, .. } => (1, *after, String::new()),
        Change::Delete { source_code, .. } => (0, 0, source_code.folded().to_owned()),
    };
    assert!(changes.is_sorted_by_key(place), "{changes:?}");
}

/// Brings a list into another order, decided by a seed.
fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed | 1;
    for end in (1..list.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        list.swap(end, usize::try_from(state >> 33).unwrap() % (end + 1));
    }
}
