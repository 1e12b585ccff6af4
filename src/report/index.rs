//! The index proof, as data and as text.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{shown, visible};

use super::style::{CREATE, DELETE, FAINT, MOVE};
use super::words::{count, parts};
use crate::reconcile::index::{Extent, IndexState, IndexVerdict, Mismatch, StockIndex};
use crate::run::IndexProof;

/// The most products of a stock that the text names.
const NAMED: usize = 5;

/// The advice on a stale index. No read shows how a shop indexes.
const STALE: &str = "`bin/magento indexer:reindex inventory` rebuilds it. Where that has succeeded since, the shop may index in the \
     background, which no read shows: the index strategy `async` needs the consumer `inventory.indexer.stock`, and \
     \"Update by Schedule\" needs cron";

/// The proof of the index.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndexReport {
    /// The verdict.
    pub verdict: IndexVerdict,
    /// The state of each stock, by id.
    pub stocks: Vec<StockIndex>,
    /// Why the index could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Advice where an index is stale, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

impl IndexReport {
    /// How much of the matching indexes is proven; `None` if no index matches.
    pub(super) fn proven(&self) -> Option<Extent> {
        let matching = self.stocks.iter().filter_map(|stock| match &stock.index {
            IndexState::Matches { extent } => Some(*extent),
            _ => None,
        });
        matching.reduce(|all, one| Extent {
            skus: all.skus + one.skus,
            predicted: all.predicted + one.predicted,
            not_predicted: all.not_predicted + one.not_predicted,
            not_asked: all.not_asked + one.not_asked,
        })
    }
}

/// An extent in words, such as `proven for 31 of 44 SKUs`.
pub(super) fn proven_words(extent: Extent) -> String {
    format!(
        "proven for {} of {}",
        extent.skus,
        count(extent.predicted as u64, "SKU")
    )
}

impl From<&IndexProof> for IndexReport {
    fn from(proof: &IndexProof) -> Self {
        let (stocks, unreadable) = match proof {
            IndexProof::Read(stocks) => (stocks.clone(), None),
            IndexProof::Unreadable(reason) => (Vec::new(), Some(reason.clone())),
        };
        let verdict = proof.verdict();
        let hints = match verdict {
            IndexVerdict::Stale => vec![STALE.to_owned()],
            IndexVerdict::Proven | IndexVerdict::Unknown => Vec::new(),
        };
        Self {
            verdict,
            stocks,
            unreadable,
            hints,
        }
    }
}

/// The proof in lines. The first begins with `Index:`, the others are indented.
pub fn index_text(report: &IndexReport) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    if let Some(reason) = &report.unreadable {
        let _ = writeln!(
            out,
            "Index:   {DELETE}cannot be checked{DELETE:#}: {}",
            visible(reason)
        );
        return out;
    }
    if report.stocks.is_empty() {
        return "Index:   no stock to check\n".to_owned();
    }
    for (at, stock) in report.stocks.iter().enumerate() {
        let lead = if at == 0 { "Index:  " } else { "        " };
        let _ = writeln!(out, "{lead} {}", stock_text(stock));
        if let IndexState::Stale { mismatches, .. } = &stock.index {
            write_mismatches(&mut out, mismatches);
        }
    }
    for hint in &report.hints {
        let _ = writeln!(out, "         {CREATE}help:{CREATE:#} {}", visible(hint));
    }
    out
}

/// The state of a stock's index in a line; one that products follow ends with a colon.
pub(super) fn stock_text(stock: &StockIndex) -> String {
    let name = shown(stock.name.as_str());
    match &stock.index {
        IndexState::Matches { extent } => {
            let proven = proven_words(*extent);
            format!(
                "{name} {CREATE}shows the links{CREATE:#}, {proven}{}",
                unproven_text(*extent)
            )
        }
        IndexState::Stale { mismatches, .. } => format!(
            "{name} {DELETE}is stale{DELETE:#}, {} out of date:",
            count(mismatches.len() as u64, "SKU")
        ),
        IndexState::Unsold => {
            format!("{name} {FAINT}has no website, so the shop shows no index for it{FAINT:#}")
        }
        IndexState::Unknown { reason } => {
            format!("{name} {MOVE}cannot be checked{MOVE:#}: {}", visible(reason))
        }
    }
}

/// The products without a proof, in numbers; empty if there are none.
fn unproven_text(extent: Extent) -> String {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let unproven = parts(&[
        (number(extent.not_predicted - extent.not_asked), "not predicted"),
        (number(extent.not_asked), "not asked"),
    ]);
    match &*unproven {
        "" => String::new(),
        unproven => format!(" {FAINT}({unproven}){FAINT:#}"),
    }
}

fn write_mismatches(out: &mut String, mismatches: &[Mismatch]) {
    for mismatch in mismatches.iter().take(NAMED) {
        let sku = shown(mismatch.sku.as_str());
        let _ = match (mismatch.predicted, mismatch.indexed) {
            (Some(predicted), Some(indexed)) => {
                writeln!(out, "           {sku}: {indexed}, and should be {predicted}")
            }
            (Some(predicted), None) => writeln!(out, "           {sku}: missing, and should be {predicted}"),
            (None, Some(indexed)) => writeln!(out, "           {sku}: {indexed}, and should be gone"),
            (None, None) => Ok(()),
        };
    }
    if mismatches.len() > NAMED {
        let _ = writeln!(out, "           and {} more", mismatches.len() - NAMED);
    }
}
