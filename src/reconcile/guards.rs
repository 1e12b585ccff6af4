//! Checks a plan against the guards: once when planning, and again before an apply.

use super::change::StockPlan;
use super::guard::{Enforcement, Guard, GuardVerdict};
use super::guard_override::GuardOverrides;
use super::plan::Plan;
use super::write_batch::ApprovedPlan;
use crate::model::{GuardLimits, count};

/// Checks the changes of a plan. Returns one verdict for each guard that they trigger.
pub(super) fn check_guards(
    stocks: &[StockPlan],
    doubts: &[String],
    limits: GuardLimits,
    allow: &GuardOverrides,
) -> Vec<GuardVerdict> {
    let deletes = stocks.iter().map(StockPlan::deletes).sum();
    let only_deletes = deletes == stocks.iter().map(|stock| stock.changes.len()).sum::<usize>();
    let whole_run = [too_many(deletes, limits), incomplete_read(deletes, doubts)];
    let per_stock = stocks.iter().filter(|stock| !stock.in_sync()).flat_map(|stock| {
        [
            too_large_a_part(stock, limits),
            emptied(stock),
            disabled_only(stock),
            protected(stock),
        ]
    });
    let verdict = |guard: Guard| {
        let lifting = allow.lifting(&guard);
        let effect = match &guard {
            _ if lifting.is_some() => Enforcement::Lifted,
            Guard::DoubtfulDeletes { .. } if !only_deletes => Enforcement::Withheld,
            _ => Enforcement::Refused,
        };
        GuardVerdict {
            allowance: lifting.map_or_else(|| guard.allowance(), |lifting| Some(lifting.to_string())),
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
    let deletes = count(deletes);
    (deletes > limits.max_deletes).then_some(Guard::Deletes {
        deletes,
        limit: limits.max_deletes,
    })
}

fn incomplete_read(deletes: usize, doubts: &[String]) -> Option<Guard> {
    let deletes = count(deletes);
    (deletes > 0 && !doubts.is_empty()).then(|| Guard::DoubtfulDeletes {
        deletes,
        reasons: doubts.to_vec(),
    })
}

fn too_large_a_part(stock: &StockPlan, limits: GuardLimits) -> Option<Guard> {
    let deletes = count(stock.deletes());
    let part = u64::from(deletes) * 100;
    let limit = u64::from(limits.max_delete_percent) * u64::from(stock.live_links);
    (deletes >= 2 && part > limit).then(|| Guard::DeletePercent {
        stock: stock.name.clone(),
        deletes,
        links: stock.live_links,
        limit_percent: limits.max_delete_percent,
    })
}

/// A stock that loses every deletable link counts as emptied, even if a blocked link remains.
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
        links: count(stock.after.len()),
    })
}

fn protected(stock: &StockPlan) -> Option<Guard> {
    (stock.protected && stock.deletes() > 0).then(|| Guard::Protected {
        stock: stock.name.clone(),
        deletes: count(stock.deletes()),
    })
}

/// Approves a plan, or returns the guards that refuse it.
///
/// The verdicts are computed from the plan's changes. The verdicts stored in the plan are only for display.
pub fn approve(
    plan: Plan,
    limits: GuardLimits,
    allow: &GuardOverrides,
) -> Result<ApprovedPlan, Vec<GuardVerdict>> {
    let verdicts = check_guards(&plan.stocks, &plan.doubts, limits, allow);
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
