//! Random shops and files: the plan arrives, writes no link in vain, and is the same in any order.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocktake::model::{DEFAULT_STOCK, StockId};
use stocktake::reconcile::{Change, Plan, WriteBatch};

use super::{
    approve_all, as_it_is, carry_out_with_effect, check_arrived, check_order_of_changes, execute,
    fewest_writes, owned, shuffle, single_links, spellings,
};
use crate::properties::server::{Server, key};
use crate::properties::world::world;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_plan_arrives_and_the_next_one_is_empty(world in world(), batch in 0..=8_usize) {
        let mut server = Server::new(&world.live());
        let plan = world.plan(&server.read());
        let approved = approve_all(&plan);
        let calls = approved.batches(batch);
        prop_assert!(!approved.deletes_withheld());
        prop_assert!(calls.iter().all(|call| (1..=batch.max(1)).contains(&call.len())));
        prop_assert!(calls.is_sorted_by_key(|call| matches!(call, WriteBatch::Delete(_))));
        execute(&world, &mut server, &calls);
        for (stock, shape, wanted) in owned(&world) {
            check_arrived(&server, stock, shape, wanted);
        }
        let second = world.plan(&server.read());
        prop_assert!(second.in_sync());
        prop_assert_eq!(second.summary.changed_stocks, 0);
        prop_assert_eq!(second.summary.blocked, plan.summary.blocked);
        prop_assert!(approve_all(&second).batches(batch).is_empty());
        prop_assert!(second.guards.is_empty());
        prop_assert!(!second.needs_reindex);
    }

    #[test]
    fn no_link_is_written_in_vain(world in world(), batch in 1..=8_usize) {
        let mut server = Server::new(&world.live());
        let calls = approve_all(&world.plan(&server.read())).batches(batch);
        let links: Vec<WriteBatch> = calls.iter().flat_map(single_links).collect();
        execute(&world, &mut server.clone(), &links);
        for link in &links {
            carry_out_with_effect(&mut server, link);
        }
        let fewest: usize = owned(&world).map(|(_, shape, wanted)| fewest_writes(shape, wanted)).sum();
        prop_assert_eq!(links.len(), fewest);
        prop_assert_eq!(calls.iter().map(WriteBatch::len).sum::<usize>(), fewest);
    }

    #[test]
    fn what_is_not_owned_stays_to_the_letter(world in world()) {
        let live = world.live();
        let mut server = Server::new(&live);
        let plan = world.plan(&live);
        for call in approve_all(&plan).batches(1000) {
            server.call(&call).unwrap();
        }
        let ids: BTreeSet<StockId> = owned(&world).map(|(stock, _, _)| stock).collect();
        let left_alone = |server: &Server| -> Vec<_> {
            let rows = server.rows.clone().into_iter();
            rows.filter(|((stock, _), _)| !ids.contains(stock)).collect()
        };
        prop_assert_eq!(left_alone(&server), left_alone(&Server::new(&live)));
        let counted: Vec<(StockId, usize)> =
            plan.unmanaged.iter().map(|stock| (stock.stock_id, stock.links as usize)).collect();
        let expected: Vec<(StockId, usize)> = live
            .stocks
            .iter()
            .map(|stock| stock.id)
            .filter(|id| *id != DEFAULT_STOCK && !ids.contains(id))
            .map(|id| (id, server.rows_of(id).len()))
            .collect();
        prop_assert_eq!(counted, expected);
    }

    #[test]
    fn what_is_as_wanted_needs_no_plan(world in world()) {
        let same = as_it_is(&world);
        let plan = same.plan(&same.live());
        prop_assert!(plan.in_sync(), "{:?}", plan.stocks);
        prop_assert!(approve_all(&plan).batches(1).is_empty());
    }

    #[test]
    fn the_order_in_which_the_shop_answers_does_not_matter(world in world(), seed in any::<u64>()) {
        let live = world.live();
        let mut other = live.clone();
        shuffle(&mut other.links, seed);
        shuffle(&mut other.sources, seed);
        shuffle(&mut other.stocks, seed);
        let (plan, again) = (world.plan(&live), world.plan(&other.sorted()));
        prop_assert_eq!(serde_json::to_string(&plan).unwrap(), serde_json::to_string(&again).unwrap());
        prop_assert_eq!(again.stale_reasons_since(&plan), vec![]);
    }

    #[test]
    fn a_plan_survives_json(world in world()) {
        let plan = world.plan(&world.live());
        let text = serde_json::to_string(&plan).unwrap();
        let read: Plan = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &plan);
        // Codes and names compare folded, so that their spelling needs a look of its own.
        prop_assert_eq!(spellings(&read), spellings(&plan));
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn a_plan_counts_what_its_calls_do(world in world()) {
        let live = world.live();
        let mut server = Server::new(&live);
        let before: BTreeSet<_> = server.rows.keys().cloned().collect();
        let plan = world.plan(&live);
        for call in approve_all(&plan).batches(3) {
            server.call(&call).unwrap();
        }
        let after: BTreeSet<_> = server.rows.keys().cloned().collect();
        prop_assert_eq!(plan.summary.creates as usize, after.difference(&before).count());
        prop_assert_eq!(plan.summary.deletes as usize, before.difference(&after).count());
        let moves = plan.stocks.iter().flat_map(|stock| &stock.changes);
        let moves = moves.filter(|change| matches!(change, Change::Move { .. })).count();
        prop_assert_eq!(plan.summary.moves as usize, moves);
        prop_assert_eq!(plan.needs_reindex, before != after);
        for stock in plan.stocks.iter().filter(|stock| !stock.in_sync()) {
            check_order_of_changes(&stock.changes);
            let shown: BTreeSet<_> = stock.after.iter().map(|link| (key(link.source_code.as_str()), link.priority)).collect();
            let rows = server.rows_of(stock.stock_id).into_iter();
            let expected: BTreeSet<_> = rows.map(|row| (key(&row.spelling), row.priority)).collect();
            prop_assert_eq!(shown, expected);
        }
    }

    #[test]
    fn the_live_digest_changes_with_what_the_plan_rests_on(world in world(), at in any::<prop::sample::Index>()) {
        let live = world.live();
        let plan = world.plan(&live);
        let owned: BTreeSet<StockId> = owned(&world).map(|(stock, _, _)| stock).collect();
        let mut other = live.clone();
        let place = at.index(other.links.len());
        let link = &mut other.links[place];
        link.priority ^= 1;
        let changed = owned.contains(&link.stock);
        prop_assert_eq!(world.plan(&other).live_sha256 != plan.live_sha256, changed);
        if !changed {
            prop_assert_eq!(world.plan(&other).stale_reasons_since(&plan), vec![]);
        }
    }
}
