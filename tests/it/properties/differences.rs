//! Two plans for one file: their differences are exactly what happened to the shop in between.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use stocktake::model::{Link, LiveState, SourceCode, StockId, StockName};
use stocktake::reconcile::{Plan, SavedPlanError, StaleReason};

use super::world::{World, world};

/// Something that somebody else does to the shop.
#[derive(Debug, Clone)]
enum Deed {
    Move(prop::sample::Index, u16),
    Delete(prop::sample::Index),
    Create(prop::sample::Index, prop::sample::Index, u16),
    Respell(prop::sample::Index),
    Switch(prop::sample::Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 1..9_u16).prop_map(|(link, priority)| Deed::Move(link, priority)),
        at().prop_map(Deed::Delete),
        (at(), at(), 1..9_u16).prop_map(|(stock, source, priority)| Deed::Create(stock, source, priority)),
        at().prop_map(Deed::Respell),
        at().prop_map(Deed::Switch),
    ]
}

fn done(mut live: LiveState, deeds: &[Deed]) -> LiveState {
    for deed in deeds {
        let links = live.links.len();
        match deed {
            Deed::Move(at, priority) if links > 0 => live.links[at.index(links)].priority = *priority,
            Deed::Delete(at) if links > 0 => {
                live.links.remove(at.index(links));
            }
            Deed::Create(stock, source, priority) => {
                let stock = live.stocks[stock.index(live.stocks.len())].id;
                let source = live.sources[source.index(live.sources.len())].code.clone();
                if !live
                    .links
                    .iter()
                    .any(|link| link.stock == stock && link.source == source)
                {
                    let priority = *priority;
                    live.links.push(Link {
                        stock,
                        source,
                        priority,
                    });
                }
            }
            Deed::Respell(at) if links > 0 => {
                let link = &mut live.links[at.index(links)];
                link.source = SourceCode::from_server(&link.source.as_str().to_uppercase());
            }
            Deed::Switch(at) => {
                let source = at.index(live.sources.len());
                live.sources[source].enabled ^= true;
            }
            Deed::Move(..) | Deed::Delete(_) | Deed::Respell(_) => {}
        }
    }
    live.sorted()
}

/// The links of the owned stocks with their priorities.
fn links(live: &LiveState, plan: &Plan) -> BTreeMap<(StockId, SourceCode), u16> {
    let owned: BTreeSet<StockId> = plan.stocks.iter().map(|stock| stock.stock_id).collect();
    let links = live.links.iter().filter(|link| owned.contains(&link.stock));
    links
        .map(|link| ((link.stock, link.source.clone()), link.priority))
        .collect()
}

/// The links that differ, each with its priority before and after.
type Moved = BTreeSet<(StockId, SourceCode, Option<u16>, Option<u16>)>;

fn moved(was: &LiveState, now: &LiveState, plan: &Plan) -> Moved {
    let (was, now) = (links(was, plan), links(now, plan));
    let keys: BTreeSet<_> = was.keys().chain(now.keys()).cloned().collect();
    let both = keys.into_iter().map(|key| {
        let (then, current) = (was.get(&key).copied(), now.get(&key).copied());
        (key.0, key.1, then, current)
    });
    both.filter(|(_, _, then, current)| then != current).collect()
}

fn reported(differences: &[StaleReason], plan: &Plan) -> Moved {
    let id = |name: &StockName| {
        plan.stocks
            .iter()
            .find(|stock| stock.name == *name)
            .unwrap()
            .stock_id
    };
    let links = differences.iter().filter_map(|difference| match difference {
        StaleReason::Link {
            stock,
            source_code,
            was,
            now,
        } => Some((id(stock), source_code.clone(), *was, *now)),
        _ => None,
    });
    links.collect()
}

fn is_live(difference: &StaleReason) -> bool {
    matches!(
        difference,
        StaleReason::Link { .. } | StaleReason::LinkRespelt { .. } | StaleReason::SourceSwitched { .. }
    )
}

fn plans(world: &World, deeds: &[Deed]) -> (LiveState, LiveState, Plan, Plan) {
    let was = world.live();
    let now = done(was.clone(), deeds);
    let (then, current) = (world.plan(&was), world.plan(&now));
    (was, now, then, current)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn differences_are_what_happened(world in world(), deeds in prop::collection::vec(deed(), 0..6)) {
        let (was, now, then, current) = plans(&world, &deeds);
        let differences = current.stale_reasons_since(&then);
        prop_assert_eq!(reported(&differences, &current), moved(&was, &now, &current));
        // A plan carries enough to say in words what its digest says: that something has changed, or nothing has.
        prop_assert_eq!(differences.iter().any(is_live), then.live_sha256 != current.live_sha256);
        let vague = |difference: &&StaleReason| matches!(
            difference,
            StaleReason::LiveFacts { .. } | StaleReason::Contradiction { .. }
        );
        prop_assert_eq!(differences.iter().find(vague), None);
    }

    #[test]
    fn a_saved_plan_is_read_back_and_still_holds(world in world()) {
        let plan = world.plan(&world.live());
        let read = Plan::from_json(&serde_json::to_vec_pretty(&plan).unwrap()).unwrap();
        prop_assert_eq!(plan.stale_reasons_since(&read), vec![]);
        prop_assert_eq!(read, plan);
    }

    #[test]
    fn a_broken_plan_is_an_error(world in world(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let plan = world.plan(&world.live());
        let good = serde_json::to_vec(&plan).unwrap();
        let cut = at.index(good.len());
        let error = Plan::from_json(&good[..cut]).unwrap_err();
        let is_no_plan = matches!(error, SavedPlanError::NotAPlan { .. });
        prop_assert!(is_no_plan);
        let mut other = good;
        other[cut] = byte;
        // Whatever is still a plan can be compared.
        if let Ok(other) = Plan::from_json(&other) {
            let _ = plan.stale_reasons_since(&other);
        }
    }
}
