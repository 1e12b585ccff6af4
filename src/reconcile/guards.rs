//! The verdict: which guards a plan runs into, when planning and again when applying.

use super::change::StockPlan;
use super::guard::{Enforcement, Guard, GuardLimits, GuardVerdict};
use super::guard_override::GuardOverrides;
use super::plan::Plan;
use super::write_batch::ApprovedPlan;

/// Judges the changes of a plan: one verdict for each guard that they run into, none when all is well.
pub(super) fn judge(
    stocks: &[StockPlan],
    doubts: &[String],
    limits: GuardLimits,
    allow: &GuardOverrides,
) -> Vec<GuardVerdict> {
    let deletes = stocks.iter().map(StockPlan::deletes).sum();
    let only_deletes = deletes == stocks.iter().map(|stock| stock.changes.len()).sum::<usize>();
    let whole_run = [too_many(deletes, limits), doubtful(deletes, doubts)];
    let per_stock = stocks.iter().filter(|stock| !stock.in_sync()).flat_map(|stock| {
        [
            too_large_a_part(stock, limits),
            emptied(stock),
            disabled_only(stock),
            protected(stock),
        ]
    });
    let verdict = |guard: Guard| {
        let effect = match &guard {
            lifted if allow.lifts(lifted) => Enforcement::Lifted,
            Guard::DoubtfulDeletes { .. } if !only_deletes => Enforcement::Withheld,
            _ => Enforcement::Refused,
        };
        GuardVerdict {
            allowance: guard.allowance(),
            guard,
            effect,
        }
    };
    whole_run
        .into_iter()
        .chain(per_stock)
        .flatten()
        .map(verdict)
        .collect()
}

fn too_many(deletes: usize, limits: GuardLimits) -> Option<Guard> {
    let deletes = u32::try_from(deletes).unwrap_or(u32::MAX);
    (deletes > limits.max_deletes).then_some(Guard::Deletes {
        deletes,
        limit: limits.max_deletes,
    })
}

fn doubtful(deletes: usize, doubts: &[String]) -> Option<Guard> {
    let deletes = u32::try_from(deletes).unwrap_or(u32::MAX);
    (deletes > 0 && !doubts.is_empty()).then(|| Guard::DoubtfulDeletes {
        deletes,
        reasons: doubts.to_vec(),
    })
}

fn too_large_a_part(stock: &StockPlan, limits: GuardLimits) -> Option<Guard> {
    let deletes = u32::try_from(stock.deletes()).unwrap_or(u32::MAX);
    let part = u64::from(deletes) * 100;
    let limit = u64::from(limits.max_delete_percent) * u64::from(stock.live_links);
    (deletes >= 2 && part > limit).then(|| Guard::DeletePercent {
        stock: stock.name.clone(),
        deletes,
        links: stock.live_links,
        limit_percent: limits.max_delete_percent,
    })
}

/// A stock that is emptied of all that can go counts as emptied, also when a blocked link stays behind.
fn emptied(stock: &StockPlan) -> Option<Guard> {
    (stock.wanted_links == 0 && stock.deletes() > 0).then(|| Guard::EmptyStock {
        stock: stock.name.clone(),
        links: stock.live_links,
    })
}

fn disabled_only(stock: &StockPlan) -> Option<Guard> {
    let none_enabled = !stock.after.is_empty() && stock.after.iter().all(|link| !link.enabled);
    none_enabled.then(|| Guard::DisabledOnly {
        stock: stock.name.clone(),
        links: u32::try_from(stock.after.len()).unwrap_or(u32::MAX),
    })
}

fn protected(stock: &StockPlan) -> Option<Guard> {
    (stock.protected && stock.deletes() > 0).then(|| Guard::Protected {
        stock: stock.name.clone(),
        deletes: u32::try_from(stock.deletes()).unwrap_or(u32::MAX),
    })
}

/// Lets a plan pass to be applied, or says which guards refuse it.
///
/// The verdicts are made anew from the plan's changes: those that it carries are for reading.
pub fn approve(
    plan: Plan,
    limits: GuardLimits,
    allow: &GuardOverrides,
) -> Result<ApprovedPlan, Vec<GuardVerdict>> {
    let verdicts = judge(&plan.stocks, &plan.doubts, limits, allow);
    let withheld = verdicts
        .iter()
        .any(|verdict| verdict.effect == Enforcement::Withheld);
    let refusals: Vec<GuardVerdict> = verdicts
        .into_iter()
        .filter(|verdict| verdict.effect == Enforcement::Refused)
        .collect();
    if refusals.is_empty() {
        Ok(ApprovedPlan::new(plan, withheld))
    } else {
        Err(refusals)
    }
}
