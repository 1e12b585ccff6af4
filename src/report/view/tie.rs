//! Sources that share a priority: the shop has no order for them, which is the reason for some renumbers.

use std::collections::HashMap;

use spanned_yaml::diag::joined;

use crate::model::SourceCode;
use crate::reconcile::{RankedLink, StockPlan};

/// The most ties of a stock that are named.
const TIES: usize = 3;

/// The most sources of a tie that are named.
const SOURCES: usize = 4;

/// A sentence for each tie that the plan breaks, without its full stop, and one for those beyond the first few.
/// `code` writes source codes.
pub(crate) fn broken_ties(stock: &StockPlan, code: impl Fn(&str) -> String) -> Vec<String> {
    if stock.in_sync() {
        return Vec::new();
    }
    let after = stock.after.iter().map(|link| (&link.source_code, link.rank));
    let after: HashMap<&SourceCode, u32> = after.collect();
    let groups = stock.before.chunk_by(|one, next| one.rank == next.rank);
    let ties = groups.filter_map(|group| broken(group, &after));
    let mut sentences: Vec<String> = Vec::new();
    let mut others = 0_usize;
    for (sources, priority) in ties {
        if sentences.len() < TIES {
            sentences.push(sentence(&sources, priority, &code));
        } else {
            others += 1;
        }
    }
    if others > 0 {
        sentences.push(format!("{others} more priorities were shared"));
    }
    sentences
}

/// The sources of a shared rank that stay, and their priority, if they no longer share one afterwards.
fn broken<'a>(
    group: &'a [RankedLink],
    after: &HashMap<&SourceCode, u32>,
) -> Option<(Vec<&'a SourceCode>, u16)> {
    let staying = group.iter().filter(|link| after.contains_key(&link.source_code));
    let sources: Vec<&SourceCode> = staying.map(|link| &link.source_code).collect();
    let first = after.get(sources.first()?);
    let apart = sources.iter().any(|code| after.get(code) != first);
    apart.then_some((sources, group.first()?.priority))
}

fn sentence(sources: &[&SourceCode], priority: u16, code: impl Fn(&str) -> String) -> String {
    let named: Vec<String> = sources
        .iter()
        .take(SOURCES)
        .map(|source| code(source.as_str()))
        .collect();
    let names = match (named.split_last(), sources.len() - named.len()) {
        (Some((last, others)), 0) => format!("{} and {last}", joined(others, ", ")),
        (_, more) => format!("{} and {more} more", joined(&named, ", ")),
    };
    format!("{names} shared priority {priority}, so the shop did not order them")
}
