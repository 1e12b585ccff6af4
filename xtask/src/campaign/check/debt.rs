//! The reindex that is owed by the log, and what proofs of the index have paid of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use commerce_sandbox::{Actor, LinkSeen, Logged};
use serde_json::Value;

use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{
    changes_the_set, index_is_fresh, last_reindex, was_just_deleted, was_undone,
};
use crate::campaign::workspace::Workspace;

/// The proofs of the index that the journal tells of.
#[derive(Debug, Default)]
pub struct Proofs {
    /// The number of proofs so far.
    told: usize,
    /// For each stock that was proven, the place in the log of the read that the proof rests on: it shows every write before.
    paid: BTreeMap<i64, u64>,
}

/// The last check of the index of a command, by the log.
struct Look {
    /// The first read of it.
    begins: u64,
    /// The last page of its links.
    links: u64,
}

impl Proofs {
    /// Takes note of the proofs that a command recorded. Gives those that are not true: a rebuild would change the index of a
    /// stock that they pay for, and nothing has disturbed it since.
    pub fn take(&mut self, played: &Played<'_>, workspace: &Workspace) -> Vec<String> {
        let told = told(workspace.folder.path());
        let new: Vec<Option<BTreeSet<i64>>> = told.into_iter().skip(self.told).collect();
        self.told += new.len();
        if new.is_empty() {
            return Vec::new();
        }
        let Some(look) = last_look(played) else {
            return vec!["the journal says that the index is proven, and nobody looked".to_owned()];
        };
        let log = workspace.shop.log();
        let mut wrong = Vec::new();
        for stock in self.owed(&log) {
            let is_meant =
                |proof: &Option<BTreeSet<i64>>| proof.as_ref().is_none_or(|stocks| stocks.contains(&stock));
            if !new.iter().any(is_meant) {
                continue;
            }
            if !is_disturbed(&log, look.begins, stock) && !index_is_fresh(&workspace.shop, [stock]) {
                wrong.push(format!(
                    "the index of stock {stock} is told as proven, and a rebuild would change it"
                ));
            }
            self.paid.insert(stock, look.links);
        }
        wrong
    }

    /// The stocks in which the client made or ended a link after the last index run that began later, and after the last proof.
    /// Two debts nobody can know of: a link that somebody else deleted after it was read for the last time is made anew by
    /// what was to be a move; and what somebody else undid after a second try is done again by the first one, when that comes
    /// late.
    pub fn owed(&self, log: &[Logged]) -> BTreeSet<i64> {
        let last = last_reindex(log);
        let later = log
            .iter()
            .filter(|logged| logged.order > last && logged.actor == Actor::Client && logged.committed);
        let owing = later.flat_map(|logged| {
            let changes = |link: &&LinkSeen| link.before.is_some() != link.after.is_some();
            let paid = |link: &LinkSeen| self.paid.get(&link.stock_id) >= Some(&logged.order);
            let mut links: Vec<&LinkSeen> = logged.links.iter().filter(changes).collect();
            links.retain(|link| {
                !paid(link) && !was_just_deleted(log, logged, link) && !was_undone(log, logged, link)
            });
            links
        });
        owing.map(|link| link.stock_id).collect()
    }
}

/// The stocks of each proof that the journals tell of; `None` for a proof of all.
fn told(folder: &Path) -> Vec<Option<BTreeSet<i64>>> {
    let targets = std::fs::read_dir(folder.join(".stocktake")).into_iter().flatten();
    let journals = targets
        .flatten()
        .map(|target| std::fs::read_to_string(target.path().join("journal.jsonl")).unwrap_or_default());
    let mut told = Vec::new();
    for journal in journals {
        let lines = journal
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let proofs = lines.filter(|line| line["event"] == "index_proven");
        told.extend(proofs.map(|line| {
            let stocks = line["stocks"].as_array()?;
            Some(stocks.iter().filter_map(Value::as_i64).collect())
        }));
    }
    told
}

/// The last check of the index: it reads the links, then the rows.
fn last_look(played: &Played<'_>) -> Option<Look> {
    let last = |before: u64, list: &'static str| {
        let reads = played
            .own()
            .filter(move |logged| logged.method == "GET" && logged.order < before);
        let of_list = reads.filter(|logged| logged.path.contains(list));
        of_list.map(|logged| logged.order).max()
    };
    let rows = last(u64::MAX, "/dump-stock-index-data/")?;
    let links = last(rows, "/stock-source-links")?;
    Some(Look {
        begins: last(links, "/inventory/stocks")?,
        links,
    })
}

/// True if a link of a stock was made or ended, or an index run ended, since that place in the log.
fn is_disturbed(log: &[Logged], since: u64, stock: i64) -> bool {
    let mut later = log.iter().filter(|logged| logged.order > since);
    later.any(|logged| match logged.actor {
        Actor::Operator => true,
        Actor::Foreign | Actor::Client => {
            changes_the_set(logged) && logged.links.iter().any(|link| link.stock_id == stock)
        }
    })
}
