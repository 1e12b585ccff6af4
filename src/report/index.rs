//! The index proof, as data and as text.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{shown, visible};

use super::style::{CREATE, DELETE, FAINT, MOVE};
use super::words::count;
use crate::reconcile::index::{IndexState, IndexVerdict, Mismatch, StockIndex};
use crate::run::IndexProof;

/// The most products of a stock that the text names.
const NAMED: usize = 5;

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
}

impl From<&IndexProof> for IndexReport {
    fn from(proof: &IndexProof) -> Self {
        let (stocks, unreadable) = match proof {
            IndexProof::Read(stocks) => (stocks.clone(), None),
            IndexProof::Unreadable(reason) => (Vec::new(), Some(reason.clone())),
        };
        Self {
            verdict: proof.verdict(),
            stocks,
            unreadable,
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
    out
}

fn stock_text(stock: &StockIndex) -> String {
    let name = shown(stock.name.as_str());
    match &stock.index {
        IndexState::Matches {
            skus,
            not_predicted: 0,
        } => {
            format!(
                "{name} {CREATE}shows the links{CREATE:#}, {}",
                count(*skus as u64, "SKU")
            )
        }
        IndexState::Matches { skus, not_predicted } => format!(
            "{name} {CREATE}shows the links{CREATE:#}, {} {FAINT}({not_predicted} not predicted){FAINT:#}",
            count(*skus as u64, "SKU")
        ),
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
