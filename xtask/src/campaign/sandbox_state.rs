//! What is true: the sandbox's tables, and how its log says that they came to be.

use std::collections::BTreeMap;

use commerce_sandbox::backdoor::magento;
use commerce_sandbox::{Actor, LinkSeen, Logged, Shop};

/// A link: its stock, and its source as the database compares it.
pub type Key = (i64, String);

/// Every link with its priority.
pub type Table = BTreeMap<Key, i64>;

/// A code as the database compares it; the worlds have plain codes only.
pub fn fold(code: &str) -> String {
    code.to_ascii_uppercase()
}

/// The links of a shop as they stand.
pub fn table(shop: &Shop) -> Table {
    let state = shop.state();
    let links = state.store.links.iter();
    links
        .map(|link| ((link.stock_id, fold(&link.source_code)), link.priority))
        .collect()
}

/// Brings a table on by one entry of the log.
pub fn step(table: &mut Table, logged: &Logged) {
    for link in logged.links.iter().filter(|_| logged.committed) {
        let key = (link.stock_id, fold(&link.source_code));
        match link.after {
            Some(priority) => table.insert(key, priority),
            None => table.remove(&key),
        };
    }
}

/// True if an entry made or ended a link.
pub fn changes_the_set(logged: &Logged) -> bool {
    let changes = |link: &LinkSeen| link.before.is_some() != link.after.is_some();
    logged.committed && logged.links.iter().any(changes)
}

/// True if an entry is a request that writes links, carried out or not.
pub fn is_link_write(logged: &Logged) -> bool {
    logged.actor == Actor::Client && logged.method == "POST" && logged.path.contains("/stock-source-links")
}

/// True if an entry is a write that deletes.
pub fn is_delete(logged: &Logged) -> bool {
    logged.path.ends_with("-delete")
}

/// True if the index of these stocks is what a full reindex would make of the links now.
pub fn index_is_fresh(shop: &Shop, stocks: impl IntoIterator<Item = i64>) -> bool {
    let mut store = shop.state().store.clone();
    let stored = store.index.tables.clone();
    store.index.open_run = None;
    for command in ["indexer:reset", "indexer:reindex"] {
        magento(&mut store, &[command.to_owned(), "inventory".to_owned()]);
    }
    stocks
        .into_iter()
        .all(|stock| store.index.tables.get(&stock) == stored.get(&stock))
}

/// The place in the log of the last index run that was ordered from outside and did its work; 0 when there is none.
pub fn last_reindex(log: &[Logged]) -> u64 {
    let mut open = false;
    let mut last = 0;
    for logged in log.iter().filter(|logged| logged.actor == Actor::Operator) {
        match logged.path.as_str() {
            "index/begin" => open = true,
            "index/finish" => open = false,
            path if path.starts_with("indexer:reindex") && logged.committed && !open => last = logged.order,
            _ => {}
        }
    }
    last
}

/// True if an entry made or ended a link, and it was somebody else, or a write of the client that came late and did again what
/// somebody else had undone.
fn is_by_others(log: &[Logged], logged: &Logged) -> bool {
    let mut links = logged.links.iter();
    let is_undone = |link| logged.actor == Actor::Client && was_undone(log, logged, link);
    changes_the_set(logged) && (logged.actor == Actor::Foreign || links.any(is_undone))
}

/// True if others made or ended a link after the last index run.
pub fn is_stale_by_others(log: &[Logged]) -> bool {
    let last = last_reindex(log);
    let mut later = log.iter().filter(|logged| logged.order > last);
    later.any(|logged| is_by_others(log, logged))
}

/// True if somebody else deleted a link between the last read before a write and that write.
pub fn was_just_deleted(log: &[Logged], write: &Logged, link: &LinkSeen) -> bool {
    let before = || log.iter().rev().filter(|logged| logged.order < write.order);
    let reads = |logged: &&Logged| logged.method == "GET" && logged.path.ends_with("/stock-source-links");
    let read = before().find(reads).map_or(0, |logged| logged.order);
    let deletes = |logged: &Logged| {
        let is_other = logged.actor == Actor::Foreign && logged.order > read;
        let mut links = logged.links.iter();
        let same = |seen: &LinkSeen| {
            (seen.stock_id, fold(&seen.source_code)) == (link.stock_id, fold(&link.source_code))
        };
        is_other && links.any(|seen| same(seen) && seen.after.is_none())
    };
    before().any(deletes)
}

/// True if a write that came late had been sent again before, with effect, and somebody else had undone that for this link.
pub fn was_undone(log: &[Logged], late: &Logged, link: &LinkSeen) -> bool {
    let is_same = |seen: &LinkSeen| {
        (seen.stock_id, fold(&seen.source_code)) == (link.stock_id, fold(&link.source_code))
    };
    let leaves = |logged: &Logged, actor: Actor, stands: bool| {
        let mut links = logged.links.iter().filter(|seen| is_same(seen));
        logged.actor == actor && logged.committed && links.any(|seen| seen.after.is_some() == stands)
    };
    let stands = link.after.is_some();
    let mut before = log.iter().filter(|logged| logged.order < late.order);
    before.any(|again| again.request > late.request && leaves(again, Actor::Client, stands))
        && before.any(|logged| leaves(logged, Actor::Foreign, !stands))
}

/// The links as they stood when that entry of the log was written.
pub fn table_of(before: &Table, log: &[Logged], order: u64) -> Table {
    let mut table = before.clone();
    for logged in log.iter().filter(|logged| logged.order <= order) {
        step(&mut table, logged);
    }
    table
}
