//! One stock in a comment: a table of its changes, deletes first, and the whole order folded.

use std::fmt::Write as _;

use super::escape::{cell, code};
use super::page::{Page, units};
use crate::reconcile::{Labels, RankedLink};
use crate::report::view::{ChangeKind, Row, StockView, broken_ties};

/// A stock with at most so many rows is shown whole, without a fold.
const WHOLE: usize = 12;

/// More changed rows than this are folded.
const OPEN: usize = 25;

const HEAD: &str = "| | Source | Place | Priority | Line |\n|---|---|---|---|---|\n";

/// A stock in a comment, before it is known how much of it fits.
pub(super) struct StockSection<'a> {
    heading: String,
    rows: Vec<Row<'a>>,
    ties: String,
}

impl<'a> StockSection<'a> {
    pub(super) fn new(stock: &StockView<'a>) -> Self {
        let ties = broken_ties(stock.plan, code);
        Self {
            heading: format!(
                "\n#### {} (stock {}): {}\n\n",
                code(stock.plan.name.as_str()),
                stock.plan.stock_id,
                stock.summary()
            ),
            rows: stock.rows(),
            ties: ties
                .iter()
                .fold(String::new(), |text, tie| text + "\n" + tie + ".\n"),
        }
    }

    /// The rows that a reader looks for first: what changes, without the priorities that only make room.
    fn first(&self) -> impl Iterator<Item = &Row<'a>> {
        let whole = self.rows.len() <= WHOLE;
        self.rows
            .iter()
            .filter(move |row| whole || !matches!(row.kind, ChangeKind::Stay | ChangeKind::Renumber))
    }

    /// The length of everything but the table of all sources, in UTF-16 units.
    pub(super) fn first_units(&self, labels: &Labels) -> usize {
        let rows: usize = self.first().map(|row| units(&table_row(row, labels))).sum();
        units(&self.heading) + units(&self.ties) + rows + FRAME
    }

    /// Writes the rows that fit, and counts the others. `reserved` is the room that other stocks need for what comes first.
    pub(super) fn write(&self, page: &mut Page, labels: &Labels, reserved: usize) {
        if units(&self.heading) + FRAME > page.left() {
            page.leave_out("stock", 1, units(&self.heading));
            return;
        }
        page.must(&self.heading);
        let first: Vec<&Row<'_>> = self.first().collect();
        let fold = (first.len() > OPEN).then(|| format!("{} changes", first.len()));
        if !first.is_empty() {
            write_table(page, first, labels, fold);
        }
        page.may("note", &self.ties);
        if self.rows.len() > WHOLE {
            self.write_all(page, labels, reserved);
        }
    }

    /// Writes all sources, folded; none of them if they do not fit whole.
    fn write_all(&self, page: &mut Page, labels: &Labels, reserved: usize) {
        let rows: usize = self.rows.iter().map(|row| units(&table_row(row, labels))).sum();
        if rows + FRAME + reserved > page.left() {
            return page.leave_out("row", self.rows.len(), rows);
        }
        let summary = format!("All {} sources by place", self.rows.len());
        write_table(page, self.rows.iter().collect(), labels, Some(summary));
    }
}

/// The room for the head of a table and the fold around it.
const FRAME: usize = 250;

fn write_table(page: &mut Page, rows: Vec<&Row<'_>>, labels: &Labels, fold: Option<String>) {
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
        ChangeKind::Renumber => row.kind.word().to_owned(),
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
