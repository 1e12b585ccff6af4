//! A stock's sources before and after the plan, as a table: deletes first, then by place after the plan.

use std::fmt::Write as _;

use anstyle::Style;
use spanned_yaml::diag::{shown, visible};

use super::style::{CREATE, DELETE, FAINT, MOVE};
use super::view::{ChangeKind, Row, StockView};
use super::words::parts;
use crate::model::count;
use crate::reconcile::RankedLink;

/// The number of other sources shown around each created, reordered or blocked one.
const CONTEXT: usize = 2;

/// More renumbers than this are counted, not listed.
const RENUMBERS: u32 = 10;

/// More created or reordered sources in a row than this are counted, all but those at the ends.
const LONGEST_RUN: usize = 24;

/// The number of sources that are listed at each end of a longer run.
const ENDS: usize = 5;

/// One line of the table, before its columns are known.
struct Line<'a> {
    row: &'a Row<'a>,
    code: String,
    words: String,
}

/// Writes the table. Sources that stay as they are, and long runs of one kind of change other than delete, are counted.
pub(super) fn write_ranks(out: &mut String, stock: &StockView<'_>) {
    let rows = stock.rows();
    let listed = listed(&rows, stock.counts.renumbers <= RENUMBERS);
    let lines = rows.iter().zip(&listed).map(|(row, listed)| {
        listed.then(|| Line {
            row,
            code: shown(row.code.as_str()),
            words: words(row, stock),
        })
    });
    let lines: Vec<Option<Line<'_>>> = lines.collect();
    let widest = |text: fn(&Line<'_>) -> usize| lines.iter().flatten().map(text).max().unwrap_or(0);
    let widths = (
        widest(|line| line.code.chars().count()),
        widest(|line| line.words.chars().count()),
    );
    // Writing to a String cannot fail.
    let _ = writeln!(out, "    {FAINT}before  after{FAINT:#}");
    let mut at = 0;
    for run in lines.chunk_by(|one, next| one.is_some() == next.is_some()) {
        for line in run.iter().flatten() {
            write_line(out, line, widths);
        }
        if run.iter().all(Option::is_none) {
            write_counts(out, &rows[at..at + run.len()]);
        }
        at += run.len();
    }
}

/// Marks the rows that have a line of their own.
fn listed(rows: &[Row<'_>], renumbers: bool) -> Vec<bool> {
    let mut listed = vec![false; rows.len()];
    let mut begin = 0;
    for run in rows.chunk_by(|one, next| one.kind == next.kind) {
        for (at, row) in run.iter().enumerate() {
            let from_end = at.min(run.len() - 1 - at);
            let context = match row.kind {
                ChangeKind::Delete => 0,
                ChangeKind::Renumber if renumbers => 0,
                ChangeKind::Blocked => CONTEXT,
                ChangeKind::Create | ChangeKind::Reorder if run.len() <= LONGEST_RUN || from_end < ENDS => {
                    CONTEXT
                }
                _ => continue,
            };
            let at = begin + at;
            let end = (at + context).min(rows.len() - 1);
            // The rows above a place are those of its neighbours only as far as the deletes.
            let above =
                (at.saturating_sub(context)..at).filter(|near| rows[*near].kind != ChangeKind::Delete);
            above.chain(at..=end).for_each(|near| listed[near] = true);
        }
        begin += run.len();
    }
    // A count would take the line of a single row.
    let single = |at: usize| !listed[at] && (at == 0 || listed[at - 1]) && listed.get(at + 1) != Some(&false);
    let singles: Vec<usize> = (0..rows.len()).filter(|at| single(*at)).collect();
    for at in singles {
        listed[at] = true;
    }
    listed
}

/// The change of a source, or its priority.
fn words(row: &Row<'_>, stock: &StockView<'_>) -> String {
    let priority = row.priority();
    let words = match row.kind {
        ChangeKind::Delete | ChangeKind::Create => format!("{}, {priority}", row.kind.word()),
        ChangeKind::Reorder => format!("{}, {priority}", row.journey()),
        ChangeKind::Blocked => {
            let link = stock
                .plan
                .blocked
                .iter()
                .find(|link| &link.source_code == row.code);
            let reason = link.map_or("", |link| link.reason.as_str());
            format!("blocked: {}", visible(reason))
        }
        ChangeKind::Renumber | ChangeKind::Stay => priority,
    };
    if row.enabled() {
        words
    } else {
        format!("{words}  (disabled)")
    }
}

fn write_line(out: &mut String, line: &Line<'_>, (codes, widest): (usize, usize)) {
    let Line { row, code, words } = line;
    let (mark, style) = match row.kind {
        ChangeKind::Delete => ("-", DELETE),
        ChangeKind::Create => ("+", CREATE),
        ChangeKind::Reorder => ("~", MOVE),
        ChangeKind::Blocked => ("!", MOVE),
        ChangeKind::Renumber | ChangeKind::Stay => (" ", Style::new()),
    };
    let place = |link: Option<&RankedLink>| link.map_or_else(String::new, |link| link.rank.to_string());
    let (before, after) = (place(row.before), place(row.after));
    // Nobody looks for a delete at its place: it is a line that is no longer there.
    let asked = row.place.filter(|_| row.kind != ChangeKind::Delete);
    let _ = match asked {
        Some(asked) => writeln!(
            out,
            "  {style}{mark} {before:>6}  {after:>5}  {code:<codes$}  {words:<widest$}{style:#}  {FAINT}{}:{}{FAINT:#}",
            asked.line, asked.column
        ),
        None => writeln!(
            out,
            "  {style}{mark} {before:>6}  {after:>5}  {code:<codes$}  {words}{style:#}"
        ),
    };
}

/// One line for rows that have none.
fn write_counts(out: &mut String, rows: &[Row<'_>]) {
    let number = |kind| {
        let rows = rows.iter().filter(|row| row.kind == kind);
        count(rows.count())
    };
    let counts = parts(&[
        (number(ChangeKind::Create), "created"),
        (number(ChangeKind::Reorder), "reordered"),
        (number(ChangeKind::Renumber), "renumbered"),
        (number(ChangeKind::Stay), "unchanged"),
    ]);
    let _ = writeln!(out, "         {FAINT}⋮  {counts}{FAINT:#}");
}
