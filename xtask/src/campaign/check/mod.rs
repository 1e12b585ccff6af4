//! What must hold after every command, held against the sandbox's own log and tables.

mod debt;
mod exit;
mod order;
mod output;
mod results;
mod writes;

use std::collections::BTreeSet;

pub use debt::Proofs;

use commerce_sandbox::{Actor, Logged};

use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{Key, Table, fold, is_link_write, step};
use crate::campaign::script::Command;
use crate::campaign::workspace::Workspace;

/// Gives what a command violates.
pub fn command(played: &Played<'_>, workspace: &Workspace) -> Vec<String> {
    let mut wrong = words(played, workspace);
    if played.step.command.writes() {
        wrong.extend(writes::check(played));
        wrong.extend(order::check(played));
    } else if played.own_writes().next().is_some() {
        wrong.push(format!("{} writes links", played.step.command.name()));
    }
    wrong
}

/// Gives what is wrong with what a command says, by its output and its exit code, whoever wrote.
pub fn words(played: &Played<'_>, workspace: &Workspace) -> Vec<String> {
    let mut wrong = output::check(played, workspace);
    if !played.ended.killed {
        wrong.extend(exit::check(played, workspace));
    }
    wrong
}

impl Played<'_> {
    /// The requests that the command itself sent, late ones included, in the order in which they took effect.
    fn own(&self) -> impl Iterator<Item = &Logged> {
        let after = self.requests_before;
        self.log
            .iter()
            .filter(move |logged| logged.actor == Actor::Client && logged.request > Some(after))
    }

    /// The writes of links among them.
    fn own_writes(&self) -> impl Iterator<Item = &Logged> {
        self.own().filter(|logged| is_link_write(logged))
    }

    /// What somebody else did meanwhile: another actor, or a late write of an earlier command.
    fn others(&self) -> impl Iterator<Item = &Logged> {
        let after = self.requests_before;
        self.log.iter().filter(move |logged| match logged.actor {
            Actor::Foreign => true,
            Actor::Client => logged.request <= Some(after),
            Actor::Operator => false,
        })
    }

    /// True if somebody else wrote a link meanwhile.
    fn others_touched(&self, key: &Key) -> bool {
        self.others().any(|logged| names(logged, key))
    }

    /// The links after each entry of the log, up to the end of the command.
    fn moments(&self) -> impl Iterator<Item = (&Logged, Table)> {
        let mut table = self.before.clone();
        let log = self.log.iter().filter(|logged| logged.order <= self.ended_at);
        log.map(move |logged| {
            step(&mut table, logged);
            (logged, table.clone())
        })
    }

    /// True if every stock is as this command wants it.
    fn is_converged(&self, table: &Table) -> bool {
        self.are_converged(|_| true, table)
    }

    /// True if each of those stocks is as this command wants it.
    fn are_converged(&self, counts: impl Fn(i64) -> bool, table: &Table) -> bool {
        let mut stocks = self.wish.iter().filter(|stock| counts(stock.id));
        stocks.all(|stock| stock.is_converged(table))
    }

    /// The plan in the document, wherever it stands there.
    fn plan(&self) -> Option<&serde_json::Value> {
        let document = self.document?;
        match self.step.command {
            Command::Plan if document.get("stocks").is_some() => Some(document),
            _ => document.get("plan").filter(|plan| !plan.is_null()),
        }
    }
}

/// The stocks that a plan changes.
fn changed_stocks(plan: &serde_json::Value) -> BTreeSet<i64> {
    let stocks = plan["stocks"].as_array().into_iter().flatten();
    let changed = stocks.filter(|stock| {
        stock["changes"]
            .as_array()
            .is_some_and(|changes| !changes.is_empty())
    });
    changed.filter_map(|stock| stock["stock_id"].as_i64()).collect()
}

/// True if an entry names a link.
fn names(logged: &Logged, key: &Key) -> bool {
    logged
        .links
        .iter()
        .any(|link| link.stock_id == key.0 && fold(&link.source_code) == key.1)
}
