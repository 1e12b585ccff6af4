//! Compares two plans: a saved plan with the current one, and the approved plan with the one right before the first write.

use std::collections::BTreeMap;

use super::change::{RankedLink, StockPlan};
use super::plan::{InputDigest, Plan, Summary, TargetLabel};
use super::stale_reason::{StaleReason, StockKey};
use crate::model::{SourceCode, StockName};

impl Plan {
    /// The reasons why the earlier plan `was` is stale, compared with this current one; empty if it still holds.
    ///
    /// Times, warnings and unmanaged stocks do not count.
    pub fn stale_reasons_since(&self, was: &Self) -> Vec<StaleReason> {
        let mut found = was.stale_bindings(&self.target, &self.tool_version, &self.inputs);
        if was.doubts != self.doubts {
            found.push(StaleReason::Doubts {
                was: was.doubts.clone(),
                now: self.doubts.clone(),
            });
        }
        let before = found.len();
        live_facts(was, self, &mut found);
        // All that the digest of an earlier version stands for was compared above.
        let has_digests = !was.topology_sha256.is_empty();
        if has_digests && was.live_sha256 != self.live_sha256 && found.len() == before {
            found.push(StaleReason::LiveFacts {
                was: was.live_sha256.clone(),
                now: self.live_sha256.clone(),
            });
        }
        for (was, now) in pairs(was, self) {
            if was.changes != now.changes {
                found.push(StaleReason::Changes {
                    stock: now.name.clone(),
                    was: was.changes.clone(),
                    now: now.changes.clone(),
                });
            }
        }
        if was.guards != self.guards {
            found.push(StaleReason::Guards {
                was: was.guards.clone(),
                now: self.guards.clone(),
            });
        }
        if found.is_empty() {
            contradictions(was, self, &mut found);
        }
        found
    }

    /// The reasons why this plan is stale that need no request to the target: its target, version and input files.
    pub fn stale_bindings(
        &self,
        target: &TargetLabel,
        tool_version: &str,
        inputs: &[InputDigest],
    ) -> Vec<StaleReason> {
        let mut found = Vec::new();
        if self.target != *target {
            found.push(StaleReason::Target {
                was: self.target.clone(),
                now: target.clone(),
            });
        }
        if self.tool_version != tool_version {
            found.push(StaleReason::ToolVersion {
                was: self.tool_version.clone(),
                now: tool_version.to_owned(),
            });
        }
        files(&self.inputs, inputs, &mut found);
        found
    }
}

fn files(was: &[InputDigest], now: &[InputDigest], found: &mut Vec<StaleReason>) {
    let mut digests: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
    for (at, inputs) in [was, now].into_iter().enumerate() {
        for input in inputs {
            digests.entry(&input.path).or_default()[at] = Some(&input.sha256);
        }
    }
    for (path, [was, now]) in digests {
        if was != now {
            found.push(StaleReason::File {
                path: path.to_owned(),
                was: was.map(str::to_owned),
                now: now.map(str::to_owned),
            });
        }
    }
}

/// Pairs the stocks of both plans by name.
fn pairs<'a>(was: &'a Plan, now: &'a Plan) -> impl Iterator<Item = (&'a StockPlan, &'a StockPlan)> {
    let by_name: BTreeMap<&StockName, &StockPlan> =
        was.stocks.iter().map(|stock| (&stock.name, stock)).collect();
    now.stocks
        .iter()
        .filter_map(move |stock| by_name.get(&stock.name).map(|was| (*was, stock)))
}

fn live_facts(was: &Plan, now: &Plan, found: &mut Vec<StaleReason>) {
    stocks(was, now, found);
    for (was, now) in pairs(was, now) {
        links(was, now, found);
    }
    let (then, now) = (sources(was), sources(now));
    for (code, enabled) in now {
        if then.get(code).is_some_and(|was| *was != enabled) {
            found.push(StaleReason::SourceSwitched {
                source_code: code.clone(),
                enabled,
            });
        }
    }
}

fn stocks(was: &Plan, now: &Plan, found: &mut Vec<StaleReason>) {
    let mut keys: BTreeMap<&StockName, [Option<&StockPlan>; 2]> = BTreeMap::new();
    for (at, plan) in [was, now].into_iter().enumerate() {
        for stock in &plan.stocks {
            keys.entry(&stock.name).or_default()[at] = Some(stock);
        }
    }
    let key = |stock: &StockPlan| (stock.stock_id, stock.name.as_str().to_owned());
    let shown = |stock: &StockPlan| StockKey {
        stock_id: stock.stock_id,
        name: stock.name.clone(),
    };
    for [was, now] in keys.into_values() {
        if was.map(key) != now.map(key) {
            found.push(StaleReason::Stock {
                was: was.map(shown),
                now: now.map(shown),
            });
        }
    }
}

fn links(was: &StockPlan, now: &StockPlan, found: &mut Vec<StaleReason>) {
    let mut links: BTreeMap<&SourceCode, [Option<&RankedLink>; 2]> = BTreeMap::new();
    for (at, stock) in [was, now].into_iter().enumerate() {
        for link in &stock.before {
            links.entry(&link.source_code).or_default()[at] = Some(link);
        }
    }
    let priority = |link: &RankedLink| link.priority;
    for (code, [was, current]) in links {
        if was.map(priority) != current.map(priority) {
            found.push(StaleReason::Link {
                stock: now.name.clone(),
                source_code: code.clone(),
                was: was.map(priority),
                now: current.map(priority),
            });
        }
        if let (Some(was), Some(current)) = (was, current)
            && was.source_code.as_str() != current.source_code.as_str()
        {
            found.push(StaleReason::LinkRespelt {
                stock: now.name.clone(),
                was: was.source_code.clone(),
                now: current.source_code.clone(),
            });
        }
    }
}

/// True if each source that a plan links, before or after it, is enabled.
fn sources(plan: &Plan) -> BTreeMap<&SourceCode, bool> {
    let links = plan
        .stocks
        .iter()
        .flat_map(|stock| stock.before.iter().chain(&stock.after));
    links.map(|link| (&link.source_code, link.enabled)).collect()
}

/// Parts that follow from the rest of a plan, so they cannot differ alone unless the plan was edited.
fn contradictions(was: &Plan, now: &Plan, found: &mut Vec<StaleReason>) {
    let same_summary = Summary {
        unmanaged_stocks: now.summary.unmanaged_stocks,
        ..was.summary
    } == now.summary;
    let same_stocks = pairs(was, now).all(|(was, now)| {
        let mut was = was.clone();
        was.protected = now.protected;
        if was.live_sha256.is_empty() {
            was.live_sha256.clone_from(&now.live_sha256);
        }
        was == *now
    });
    let parts = [
        ("summary", same_summary),
        ("needs_reindex", was.needs_reindex == now.needs_reindex),
        ("stocks", same_stocks && was.stocks.len() == now.stocks.len()),
        ("allowances", was.allowances == now.allowances),
        ("scope", was.scope == now.scope),
        (
            "topology_sha256",
            was.topology_sha256.is_empty() || was.topology_sha256 == now.topology_sha256,
        ),
    ];
    for (part, _) in parts.iter().filter(|(_, same)| !same) {
        found.push(StaleReason::Contradiction {
            part: (*part).to_owned(),
        });
    }
}
