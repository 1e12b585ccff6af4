//! One stock in a comment: a table of its changes, deletes first, and the whole order folded.

use std::fmt::Write as _;

use super::escape::{cell, code};
use super::page::{Page, units};
use crate::reconcile::{Labels, RankedLink};
use crate::report::view::{ChangeKind, Row, StockView};

/// A stock with at most so many rows is shown whole, without a fold.
const WHOLE: usize = 12;

/// More changed rows than this are folded.
const OPEN: usize = 25;

const HEAD: &str = "| | Source | Rank | Priority | Line |\n|---|---|---|---|---|\n";

/// Writes the rows of a stock that fit, and counts the others.
pub(super) fn write_stock(page: &mut Page, stock: &StockView<'_>, labels: &Labels) {
    let heading = format!(
        "\n#### {} (stock {}): {}\n\n",
        code(stock.plan.name.as_str()),
        stock.plan.stock_id,
        stock.summary()
    );
    let rows = stock.rows();
    let changed: Vec<&Row<'_>> = rows.iter().filter(|row| row.kind != ChangeKind::Stay).collect();
    if units(&heading) + FRAME > page.left() {
        page.leave_out("stock", 1, units(&heading));
        return;
    }
    page.must(&heading);
    if rows.len() <= WHOLE {
        write_table(page, rows.iter(), labels, None);
        return;
    }
    let fold = (changed.len() > OPEN).then(|| format!("{} changes", changed.len()));
    write_table(page, changed.iter().copied(), labels, fold);
    let all = format!("All {} sources by rank", rows.len());
    write_table(page, rows.iter(), labels, Some(all));
}

/// The room for the head of a table and the fold around it.
const FRAME: usize = 250;

fn write_table<'a>(
    page: &mut Page,
    rows: impl ExactSizeIterator<Item = &'a Row<'a>>,
    labels: &Labels,
    fold: Option<String>,
) {
    let total = rows.len();
    if page.left() < FRAME {
        page.leave_out("row", total, 0);
        return;
    }
    let mut budget = page.left() - FRAME;
    let mut table = HEAD.to_owned();
    let (mut left_out, mut units_out) = (0, 0);
    for row in rows {
        let line = table_row(row, labels);
        let length = units(&line);
        if left_out == 0 && length <= budget {
            budget -= length;
            table.push_str(&line);
        } else {
            left_out += 1;
            units_out += length;
        }
    }
    page.leave_out("row", left_out, units_out);
    page.must(&match fold {
        Some(summary) => format!("<details><summary>{summary}</summary>\n\n{table}\n</details>\n"),
        None => table,
    });
}

fn table_row(row: &Row<'_>, labels: &Labels) -> String {
    let mut source = cell(row.code.as_str());
    if let Some(name) = labels.source(row.code) {
        let _ = write!(source, " {}", cell(name));
    }
    if !row.enabled() {
        source.push_str(" (disabled)");
    }
    let mark = match row.kind {
        ChangeKind::Stay => String::new(),
        ChangeKind::Delete => format!("**{} {}**", row.kind.rune(), row.kind.word()),
        kind => format!("{} {}", kind.rune(), kind.word()),
    };
    let rank = both(row, |link| link.rank);
    let priority = both(row, |link| u32::from(link.priority));
    let line = row
        .place
        .map_or_else(String::new, |place| cell(&place.to_string()));
    format!("| {mark} | {source} | {rank} | {priority} | {line} |\n")
}

/// A number before and after: once if it stays, with a dash if it is missing.
fn both(row: &Row<'_>, number: impl Fn(&RankedLink) -> u32) -> String {
    match (row.before.map(&number), row.after.map(&number)) {
        (Some(before), Some(after)) if before == after => after.to_string(),
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (Some(before), None) => format!("{before} → –"),
        (None, Some(after)) => format!("– → {after}"),
        (None, None) => String::new(),
    }
}
