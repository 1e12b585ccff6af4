//! Guards against a second telling of the design, and that nothing but the named allowance lifts one.

mod random;
mod small_stocks;

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocktake::model::{GuardLimits, StockId};
use stocktake::reconcile::{Guard, GuardOverrides, GuardVerdict, Plan, WriteBatch, approve};

use super::server::{Row, Server, key};
use super::world::{CODES, WantedShape, World, world};

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
        Guard::DeletePercent { stock, .. } => format!("delete-percent={stock}"),
        Guard::Protected { stock, .. } => format!("protected={stock}"),
        _ => verdict.allowance.clone().unwrap(),
    }
}

fn parse(names: &BTreeSet<String>) -> GuardOverrides {
    GuardOverrides::parse(names.iter().map(String::as_str)).unwrap()
}

/// The guards that these allowances lift: one each, and with `empty-stock` the percentage of its stock.
fn lifted_by(allowed: &BTreeSet<String>) -> BTreeSet<String> {
    let emptied = allowed
        .iter()
        .filter_map(|name| name.strip_prefix("empty-stock="));
    let implied = emptied.map(|stock| format!("delete-percent={stock}"));
    allowed.iter().cloned().chain(implied).collect()
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
