//! A stock's sources by rank before and after, as a unified diff.

use std::fmt::Write as _;

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};
use spanned_yaml::diag::shown;

use super::style::{CREATE, DELETE, FAINT};
use crate::reconcile::{RankedLink, StockPlan};

/// The number of unchanged ranks shown around changed ones.
const CONTEXT: usize = 2;

/// Writes the diff of a stock's order. It is empty when only priorities change.
pub(super) fn write_ranks(out: &mut String, stock: &StockPlan) {
    let codes = |links: &[RankedLink]| {
        links
            .iter()
            .map(|link| link.source_code.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (codes(&stock.before), codes(&stock.after));
    let width = before
        .iter()
        .chain(&after)
        .map(|code| shown(code.as_str()).chars().count());
    let width = width.max().unwrap_or(0);
    let groups = group_diff_ops(capture_diff_slices(Algorithm::Myers, &before, &after), CONTEXT);
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            let _ = writeln!(out, "      {FAINT}⋮{FAINT:#}");
        }
        for op in group {
            write_op(out, op, stock, width);
        }
    }
}

fn write_op(out: &mut String, op: &DiffOp, stock: &StockPlan, width: usize) {
    let (tag, old, new) = op.as_tag_tuple();
    match tag {
        similar::DiffTag::Equal => {
            for link in &stock.after[new] {
                write_link(out, ChangeTag::Equal, link, width);
            }
        }
        similar::DiffTag::Delete | similar::DiffTag::Insert | similar::DiffTag::Replace => {
            for link in &stock.before[old] {
                write_link(out, ChangeTag::Delete, link, width);
            }
            for link in &stock.after[new] {
                write_link(out, ChangeTag::Insert, link, width);
            }
        }
    }
}

fn write_link(out: &mut String, tag: ChangeTag, link: &RankedLink, width: usize) {
    let (rune, style) = match tag {
        ChangeTag::Equal => (' ', anstyle::Style::new()),
        ChangeTag::Delete => ('-', DELETE),
        ChangeTag::Insert => ('+', CREATE),
    };
    let disabled = if link.enabled { "" } else { "  (disabled)" };
    let code = shown(link.source_code.as_str());
    let line = format!(
        "{rune} {:>3}. {code:<width$}  priority {}{disabled}",
        link.rank, link.priority
    );
    // Writing to a String cannot fail.
    let _ = writeln!(out, "    {style}{}{style:#}", line.trim_end());
}
