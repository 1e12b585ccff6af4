//! Guards against a second telling of the design, and that nothing but the named allowance lifts one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocktake::model::{GuardLimits, StockId};
use stocktake::reconcile::{
    Enforcement, Guard, GuardOverrides, GuardVerdict, Plan, StockPlan, WriteBatch, approve,
};

use super::server::{Row, Server, key};
use super::world::{CODES, StockShape, WantedShape, World, world};

/// A world whose read may be incomplete, with limits and what the person allows.
#[derive(Debug, Clone)]
struct Case {
    world: World,
    limits: GuardLimits,
    /// Of each guard that the plan runs into, in order, whether it is allowed.
    allowed: Vec<bool>,
}

fn case() -> impl Strategy<Value = Case> {
    let limits = prop_oneof![
        2 => Just(GuardLimits::default()),
        3 => (0..=4_u32, 0..=100_u8).prop_map(|(max_deletes, max_delete_percent)| GuardLimits {
            max_deletes,
            max_delete_percent,
        }),
    ];
    (
        world(),
        any::<bool>(),
        limits,
        prop::collection::vec(any::<bool>(), 24),
        prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec((0..4_usize, 0..3_u8), 1..=2)],
    )
        .prop_map(|(mut world, may_be_incomplete, limits, allowed, protected)| {
            world.may_be_incomplete = may_be_incomplete;
            world.protected = protected;
            Case {
                world,
                limits,
                allowed,
            }
        })
}

impl Case {
    fn plan(&self) -> Plan {
        self.world
            .guarded_plan(&self.world.live(), self.limits, &GuardOverrides::default())
    }

    /// The allowances of the guards that the plan runs into and that this case allows.
    fn allowances(&self, plan: &Plan) -> BTreeSet<String> {
        let verdicts = plan.guards.iter().zip(self.allowed.iter().cycle());
        verdicts
            .filter(|(_, allowed)| **allowed)
            .filter_map(|(verdict, _)| verdict.allowance.clone())
            .collect()
    }
}

/// The guard's name; that of the protected stock for a guard that no flag lifts.
fn name_of(verdict: &GuardVerdict) -> String {
    match &verdict.guard {
        Guard::Protected { stock, .. } => format!("protected={stock}"),
        _ => verdict.allowance.clone().unwrap(),
    }
}

fn parse(names: &BTreeSet<String>) -> GuardOverrides {
    GuardOverrides::parse(names.iter().map(String::as_str)).unwrap()
}

/// Every allowance there is for the stocks of a plan, needed or not.
fn every_allowance(plan: &Plan) -> BTreeSet<String> {
    let per_stock = plan.stocks.iter().flat_map(|stock| {
        ["delete-percent", "empty-stock", "disabled-only"].map(|guard| format!("{guard}={}", stock.name))
    });
    let whole_run = ["deletes", "doubtful-deletes"].map(str::to_owned);
    per_stock.chain(whole_run).collect()
}

/// The guards by the words of the design, worked out from the world and not from the plan.
fn expected(case: &Case, plan: &Plan) -> BTreeSet<String> {
    let server = Server::new(&case.world.live());
    let mut guards = BTreeSet::new();
    let mut all_deletes = 0;
    for (shape, at) in case.world.stocks.iter().zip(0..) {
        let Some((wanted, _)) = &shape.wanted else {
            continue;
        };
        let stock = plan
            .stocks
            .iter()
            .find(|stock| stock.stock_id == World::id(at))
            .unwrap();
        let (deletes, left) = outcome(&server, World::id(at), wanted);
        all_deletes += deletes;
        let live = shape.live.len() + usize::from(shape.default_link.is_some());
        let mut guard = |name: &str| guards.insert(format!("{name}={}", stock.name));
        if deletes >= 2 && deletes * 100 > live * usize::from(case.limits.max_delete_percent) {
            guard("delete-percent");
        }
        if deletes > 0 && wanted.sources().is_empty() {
            guard("empty-stock");
        }
        if deletes > 0
            && case
                .world
                .protected
                .iter()
                .any(|(protected, _)| World::id(*protected) == World::id(at))
        {
            guard("protected");
        }
        if !stock.in_sync() && !left.is_empty() && !left.iter().any(|code| case.world.is_enabled(code)) {
            guard("disabled-only");
        }
    }
    if all_deletes > case.limits.max_deletes as usize {
        guards.insert("deletes".to_owned());
    }
    if all_deletes > 0 && case.world.may_be_incomplete {
        guards.insert("doubtful-deletes".to_owned());
    }
    guards
}

/// How many links of a stock go, and the codes of those that it has afterwards.
fn outcome(server: &Server, stock: StockId, wanted: &WantedShape) -> (usize, Vec<String>) {
    let asked: BTreeSet<String> = wanted.sources().into_iter().map(|at| key(CODES[at])).collect();
    let rows = server.rows_of(stock);
    let unwanted = rows.iter().filter(|row| !asked.contains(&key(&row.spelling)));
    let (stays, goes): (Vec<&&Row>, Vec<&&Row>) = unwanted.partition(|row| row.spelling == "default");
    let stays = stays.into_iter().map(|row| row.spelling.clone());
    (goes.len(), asked.iter().cloned().chain(stays).collect())
}

fn refusals(plan: Plan, limits: GuardLimits, names: &BTreeSet<String>) -> Vec<GuardVerdict> {
    approve(plan, limits, &parse(names)).err().unwrap_or_default()
}

fn is_about_the_read(verdict: &GuardVerdict) -> bool {
    matches!(verdict.guard, Guard::DoubtfulDeletes { .. })
}

fn deletes(calls: &[WriteBatch]) -> usize {
    let deletes = calls.iter().filter(|call| matches!(call, WriteBatch::Delete(_)));
    deletes.map(WriteBatch::len).sum()
}

/// The same world with one more delete, a wanted live link that the file no longer names, in a stock of which at least
/// so many wanted links are left.
fn with_one_more_delete(world: &World, left: usize, at: prop::sample::Index) -> Option<World> {
    let mut candidates = Vec::new();
    for (stock, shape) in world.stocks.iter().enumerate() {
        let Some((wanted, _)) = &shape.wanted else {
            continue;
        };
        let sources = wanted.sources();
        if sources.len() <= left {
            continue;
        }
        let live = shape.live.iter().map(|link| link.0);
        candidates.extend(
            live.filter(|source| sources.contains(source))
                .map(|source| (stock, source)),
        );
    }
    if candidates.is_empty() {
        return None;
    }
    let (stock, source) = candidates[at.index(candidates.len())];
    let mut more = world.clone();
    let (wanted, way) = more.stocks[stock].wanted.clone()?;
    more.stocks[stock].wanted = Some((wanted.without(source), way));
    Some(more)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_plan_shows_exactly_the_guards_of_the_design(case in case()) {
        let plan = case.plan();
        let shown: BTreeSet<String> = plan.guards.iter().map(name_of).collect();
        prop_assert_eq!(shown.len(), plan.guards.len(), "a guard stands there twice");
        prop_assert_eq!(shown, expected(&case, &plan));
        prop_assert_eq!(plan.is_refused(), approve(plan.clone(), case.limits, &GuardOverrides::default()).is_err());
    }

    #[test]
    fn exactly_the_guards_that_are_not_allowed_refuse(case in case()) {
        let plan = case.plan();
        let allowed = case.allowances(&plan);
        let writes = plan.stocks.iter().flat_map(|stock| &stock.changes);
        let only_deletes = writes.clone().all(stocktake::reconcile::Change::is_delete);
        let refuses = |name: &String| name != "doubtful-deletes" || only_deletes;
        let still: BTreeSet<String> = expected(&case, &plan).difference(&allowed).filter(|name| refuses(name)).cloned().collect();
        let refused = refusals(plan.clone(), case.limits, &allowed);
        prop_assert!(refused.iter().all(|verdict| verdict.effect == Enforcement::Refused));
        prop_assert_eq!(refused.into_iter().map(|verdict| name_of(&verdict)).collect::<BTreeSet<_>>(), still);
        let shown = case.world.guarded_plan(&case.world.live(), case.limits, &parse(&allowed));
        let lifted = shown.guards.iter().filter(|verdict| verdict.effect == Enforcement::Lifted);
        prop_assert_eq!(lifted.map(name_of).collect::<BTreeSet<_>>(), allowed);
    }

    #[test]
    fn no_other_allowance_lifts_a_guard(case in case()) {
        let plan = case.plan();
        let mut every = every_allowance(&plan);
        for verdict in &plan.guards {
            let lifting = verdict.allowance.clone();
            prop_assert_eq!(lifting.is_none(), matches!(verdict.guard, Guard::Protected { .. }));
            prop_assert!(lifting.as_ref().is_none_or(|name| every.remove(name)));
            match approve(plan.clone(), case.limits, &parse(&every)) {
                Err(mut refused) => {
                    refused.retain(|refusal| refusal.allowance.is_some() || refusal.guard == verdict.guard);
                    // A protected stock refuses beside; what is withheld then refuses nothing itself.
                    let withheld = verdict.effect == Enforcement::Withheld && refused.is_empty();
                    prop_assert!(withheld || (refused.len() == 1 && refused[0].guard == verdict.guard));
                }
                Ok(approved) => {
                    let on_incomplete_read = is_about_the_read(verdict);
                    prop_assert!(on_incomplete_read && approved.deletes_withheld());
                    prop_assert_eq!(deletes(&approved.batches(1000)), 0);
                }
            }
            every.extend(lifting);
        }
    }

    #[test]
    fn allowing_more_never_refuses_more(case in case(), more in any::<prop::sample::Index>()) {
        let plan = case.plan();
        let few = case.allowances(&plan);
        let mut many = few.clone();
        let every: Vec<String> = every_allowance(&plan).into_iter().collect();
        many.insert(every[more.index(every.len())].clone());
        let names = |verdicts: Vec<GuardVerdict>| -> BTreeSet<String> {
            verdicts.into_iter().map(|verdict| name_of(&verdict)).collect()
        };
        let before = names(refusals(plan.clone(), case.limits, &few));
        let after = names(refusals(plan, case.limits, &many));
        prop_assert!(after.is_subset(&before));
    }

    #[test]
    fn one_more_delete_never_makes_a_refused_plan_pass(case in case(), at in any::<prop::sample::Index>()) {
        let plan = case.plan();
        let allowed = case.allowances(&plan);
        // Emptying is another guard's business: who allows it by name may leave no disabled source behind.
        let Some(world) = with_one_more_delete(&case.world, 1, at) else { return Ok(()) };
        let more = Case { world, ..case.clone() }.plan();
        if approve(plan, case.limits, &parse(&allowed)).is_err() {
            prop_assert!(approve(more, case.limits, &parse(&allowed)).is_err());
        }
    }

    #[test]
    fn one_more_delete_never_makes_a_refused_plan_pass_when_nothing_is_allowed(
        case in case(),
        at in any::<prop::sample::Index>(),
    ) {
        let Some(world) = with_one_more_delete(&case.world, 0, at) else { return Ok(()) };
        let (plan, more) = (case.plan(), Case { world, ..case.clone() }.plan());
        prop_assert!(more.is_refused() || !plan.is_refused());
    }

    #[test]
    fn protecting_a_stock_refuses_its_deletes_and_nothing_else(case in case(), stock in 0..4_usize, way in 0..3_u8) {
        let mut free = case.clone();
        free.world.protected.clear();
        let mut guarded = free.clone();
        guarded.world.protected.push((stock, way));
        let (free, guarded) = (free.plan(), guarded.plan());
        let goes = free.stocks.iter().find(|plan| plan.stock_id == World::id(stock)).map_or(0, StockPlan::deletes);
        let every = every_allowance(&guarded);
        let refused = refusals(guarded.clone(), case.limits, &every);
        let still: Vec<String> = refused.iter().map(name_of).filter(|name| name.starts_with("protected=")).collect();
        prop_assert_eq!(still.len(), usize::from(goes > 0));
        prop_assert_eq!(refused.len(), still.len());
        prop_assert_eq!(&guarded.live_sha256, &free.live_sha256);
        let changes = |plan: &Plan| plan.stocks.iter().map(|stock| stock.changes.clone()).collect::<Vec<_>>();
        prop_assert_eq!(changes(&guarded), changes(&free));
    }

    #[test]
    fn withheld_deletes_are_in_no_call(mut case in case(), batch in 1..=8_usize) {
        case.world.protected.clear();
        let plan = case.plan();
        let mut every = every_allowance(&plan);
        every.remove("doubtful-deletes");
        let plan = case.world.guarded_plan(&case.world.live(), case.limits, &parse(&every));
        let mut trusted = case.clone();
        trusted.world.may_be_incomplete = false;
        let sure = approve(trusted.plan(), case.limits, &parse(&every)).unwrap();
        match approve(plan, case.limits, &parse(&every)) {
            Ok(approved) => {
                let saves: Vec<WriteBatch> = sure.batches(batch).into_iter().filter(|call| matches!(call, WriteBatch::Save(_))).collect();
                let withheld = case.world.may_be_incomplete && deletes(&sure.batches(batch)) > 0;
                prop_assert_eq!(approved.deletes_withheld(), withheld);
                let (left_out, creates) = (approved.plan().summary.withheld_deletes, approved.plan().summary.creates);
                prop_assert_eq!(left_out as usize, if withheld { deletes(&sure.batches(batch)) } else { 0 });
                prop_assert_eq!(approved.plan().needs_reindex, creates > 0 || deletes(&approved.batches(batch)) > 0);
                prop_assert_eq!(approved.batches(batch), if withheld { saves } else { sure.batches(batch) });
            }
            Err(refused) => {
                prop_assert!(case.world.may_be_incomplete);
                prop_assert!(refused.iter().all(is_about_the_read));
                prop_assert_eq!(deletes(&sure.batches(batch)), sure.batches(batch).iter().map(WriteBatch::len).sum::<usize>());
            }
        }
    }
}

/// What the default guards say of one stock of so many enabled links, of which only the first few stay.
fn verdict(live: usize, kept: usize) -> Vec<String> {
    verdict_where(live, kept, Vec::new())
}

/// The same of a stock that may be protected.
fn verdict_where(live: usize, kept: usize, protected: Vec<(usize, u8)>) -> Vec<String> {
    let shape = StockShape {
        live: (0..live)
            .zip(1..)
            .map(|(source, priority)| (source, priority, 0))
            .collect(),
        default_link: None,
        wanted: Some((
            WantedShape::Ordered((0..kept).map(|source| (source, 0)).collect()),
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
        for kept in 0..live {
            let guards = verdict_where(live, kept, vec![(0, 1)]);
            assert!(
                guards.contains(&"protected".to_owned()),
                "{kept} of {live}: {guards:?}"
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
