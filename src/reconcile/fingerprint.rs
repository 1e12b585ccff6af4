//! Digests that bind a plan to its inputs.

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use super::change::StockPlan;
use super::plan::Plan;
use super::resolve::Resolved;
use crate::model::{Link, LiveState, SourceCode, StockId};

/// The SHA-256 of bytes, in lower-case hexadecimal.
pub fn digest_hex(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_ref())
}

/// The digest of a stock's live links.
pub(super) fn links_digest(links: &[Link]) -> String {
    let mut hash = Lines::default();
    for link in links {
        hash.line(format_args!("link {:?} {}", link.source.as_str(), link.priority));
    }
    hash.hex()
}

/// The digest of the ids and names of the owned stocks, and of whether each linked or wanted source is enabled. Unmanaged
/// stocks do not count.
pub(super) fn topology_digest(resolved: &Resolved<'_>, live: &LiveState) -> String {
    let mut hash = Lines::default();
    let mut record = |line: fmt::Arguments<'_>| hash.line(line);
    let mut stocks: Vec<(StockId, &str)> = resolved
        .stocks
        .iter()
        .map(|stock| (stock.live.id, stock.live.name.as_str()))
        .collect();
    stocks.sort_unstable();
    let mut sources: HashSet<&SourceCode> = resolved
        .stocks
        .iter()
        .flat_map(|stock| &stock.links)
        .map(|link| &link.source.code)
        .collect();
    for (id, name) in stocks {
        record(format_args!("stock {id} {name:?}"));
        sources.extend(live.links_of(id).iter().map(|link| &link.source));
    }
    let mut sources: Vec<&SourceCode> = sources.into_iter().collect();
    sources.sort_unstable();
    for code in sources {
        let enabled = live.source(code).map(|source| source.enabled);
        record(format_args!("source {:?} {enabled:?}", code.folded()));
    }
    hash.hex()
}

/// The digest of the live facts behind a plan.
pub(super) fn live_digest(topology_sha256: &str, stocks: &[StockPlan]) -> String {
    let mut hash = Lines::default();
    hash.line(format_args!("topology {topology_sha256}"));
    let mut stocks: Vec<(StockId, &str)> = stocks
        .iter()
        .map(|stock| (stock.stock_id, stock.live_sha256.as_str()))
        .collect();
    stocks.sort_unstable();
    for (id, links) in stocks {
        hash.line(format_args!("stock {id} {links}"));
    }
    hash.hex()
}

/// The digest of a plan's changes, target, files and live facts. Plans with the same digest write the same.
pub fn plan_digest(plan: &Plan) -> String {
    let mut hash = Lines::default();
    let mut record = |line: fmt::Arguments<'_>| hash.line(line);
    record(format_args!("target {:?}", plan.target.url));
    record(format_args!("live {}", plan.live_sha256));
    for input in &plan.inputs {
        record(format_args!("input {}", input.sha256));
    }
    for stock in &plan.stocks {
        for change in &stock.changes {
            let code = change.source_code().as_str();
            record(format_args!(
                "link {} {code:?} {:?}",
                stock.stock_id,
                change.wanted()
            ));
        }
    }
    record(format_args!("withheld {}", plan.summary.withheld_deletes));
    hash.hex()
}

/// Hashes lines of text.
#[derive(Default)]
struct Lines {
    hash: Sha256,
    line: String,
}

impl Lines {
    fn line(&mut self, line: fmt::Arguments<'_>) {
        self.line.clear();
        // Writing to a String cannot fail.
        let _ = writeln!(self.line, "{line}");
        self.hash.update(self.line.as_bytes());
    }

    fn hex(self) -> String {
        hex(self.hash.finalize().as_ref())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
