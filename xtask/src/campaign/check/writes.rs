//! Nothing is written that was not planned and is not wanted.

use std::collections::HashMap;

use commerce_sandbox::{LinkSeen, Logged};
use serde_json::Value;

use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{Key, fold, is_delete};
use crate::campaign::wanted::Wanted;

/// What becomes of links: a priority, or nothing.
type Changes = HashMap<Key, Option<i64>>;

/// Gives what is wrong with the writes of an apply.
pub fn check(played: &Played<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let planned = planned(played);
    for logged in played.own_writes() {
        for link in &logged.links {
            if let Some(reason) = unwanted(played, logged, link) {
                wrong.push(format!(
                    "#{} {}/{}: {reason}",
                    logged.order, link.stock_id, link.source_code
                ));
            }
            let mut plans = planned.iter();
            if let Some(reason) = plans.find_map(|plan| unplanned(logged, link, plan.get(&key(link)))) {
                wrong.push(format!(
                    "#{} {}/{}: {reason}",
                    logged.order, link.stock_id, link.source_code
                ));
            }
        }
    }
    wrong
}

fn key(link: &LinkSeen) -> Key {
    (link.stock_id, fold(&link.source_code))
}

/// The changes of the plans that a write must stand in: the one that the command shows, and the one that was approved.
fn planned(played: &Played<'_>) -> Vec<Changes> {
    let mut plans: Vec<Changes> = played.plan().map(changes).into_iter().collect();
    if played.step.applies_a_saved_plan() {
        // Without the file nothing is approved.
        plans.push(played.approved.map(changes).unwrap_or_default());
    }
    plans
}

/// What the changes of a plan want.
fn changes(plan: &Value) -> Changes {
    let stocks = plan["stocks"].as_array().into_iter().flatten();
    let changes = stocks.flat_map(|stock| {
        let id = stock["stock_id"].as_i64().unwrap_or_default();
        let changes = stock["changes"].as_array().into_iter().flatten();
        changes.map(move |change| {
            let code = change["source_code"].as_str().unwrap_or_default();
            let wanted = match change["action"].as_str() {
                Some("create") => change["priority"].as_i64(),
                Some("move") => change["after"].as_i64(),
                _ => None,
            };
            ((id, fold(code)), wanted)
        })
    });
    changes.collect()
}

/// Why the inventory does not want such a write.
fn unwanted(played: &Played<'_>, logged: &Logged, link: &LinkSeen) -> Option<&'static str> {
    let Some(stock) = played.wish.iter().find(|stock| stock.id == link.stock_id) else {
        return Some("a stock that nobody owns is written");
    };
    match (is_delete(logged), stock.wants(&link.source_code)) {
        (true, true) => return Some("a link that is wanted is deleted"),
        (false, false) => return Some("a link that is not wanted is saved"),
        _ => {}
    }
    let Wanted::Explicit(links) = &stock.wanted else {
        return None;
    };
    let number = links
        .iter()
        .find(|(code, _)| fold(code) == fold(&link.source_code));
    let is_other = number.is_some_and(|(_, number)| link.after != Some(*number));
    (logged.committed && !is_delete(logged) && is_other)
        .then_some("a link gets another number than is wanted")
}

/// Why a write is none of the plan.
fn unplanned(logged: &Logged, link: &LinkSeen, change: Option<&Option<i64>>) -> Option<&'static str> {
    let Some(wanted) = change else {
        return Some("the plan does not change this link");
    };
    if wanted.is_none() != is_delete(logged) {
        return Some("the plan wants the opposite of this link");
    }
    (logged.committed && link.after != *wanted).then_some("the plan wants another priority")
}
