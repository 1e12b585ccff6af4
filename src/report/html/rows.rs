//! The table of one stock: its sources by place, each with what the plan does to it.

use std::collections::{HashMap, HashSet};

use crate::model::SourceCode;
use crate::reconcile::{RankedLink, Reorder};
use crate::report::view::{ChangeKind, Row, StockView};

/// The number of rows that stay in sight on each side of a change.
const CONTEXT: usize = 2;

/// The fewest rows that fold.
const SHORTEST_RUN: usize = 6;

/// What a plan does to a source of a stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Delete,
    Create,
    Reorder,
    Renumber,
    Blocked,
    Stay,
}

impl Act {
    /// The class of what shows it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Create => "create",
            Self::Reorder => "reorder",
            Self::Renumber => "renumber",
            Self::Blocked => "blocked",
            Self::Stay => "",
        }
    }
}

/// One row of the table.
pub(super) struct PageRow<'a> {
    pub(super) link: Row<'a>,
    pub(super) act: Act,
    /// The rest of what is said of it.
    pub(super) words: String,
}

/// Rows that stand together.
pub(super) struct Block<'a> {
    /// Set for rows without a change of order that are far from every change.
    pub(super) folds: bool,
    pub(super) rows: Vec<PageRow<'a>>,
}

/// The rows of a stock in blocks. The links stand by their place after the plan, the deleted ones where they stood.
pub(super) fn blocks<'a>(view: &StockView<'a>) -> Vec<Block<'a>> {
    let rows = rows_in_place(view);
    if !view.notable {
        return vec![Block { folds: false, rows }];
    }
    let far = far_from_changes(&rows);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut was_far = None;
    for (row, far) in rows.into_iter().zip(far) {
        match blocks.last_mut() {
            Some(block) if was_far == Some(far) => block.rows.push(row),
            _ => blocks.push(Block {
                folds: far,
                rows: vec![row],
            }),
        }
        was_far = Some(far);
    }
    for block in &mut blocks {
        block.folds = block.folds && block.rows.len() >= SHORTEST_RUN;
    }
    blocks
}

fn far_from_changes(rows: &[PageRow<'_>]) -> Vec<bool> {
    let mut far = vec![true; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        if !row.is_quiet() {
            let end = rows.len().min(at + CONTEXT + 1);
            far[at.saturating_sub(CONTEXT)..end].fill(false);
        }
    }
    far
}

/// A deleted link follows the link before it that keeps its place in the order.
fn rows_in_place<'a>(view: &StockView<'a>) -> Vec<PageRow<'a>> {
    let reorders = view.plan.reorders.iter().map(|of| (&of.source_code, of));
    let reorders: HashMap<&SourceCode, &Reorder> = reorders.collect();
    let (gone, staying): (Vec<_>, Vec<_>) = view
        .rows()
        .into_iter()
        .partition(|row| row.kind == ChangeKind::Delete);
    let staying_codes: HashSet<&SourceCode> = staying.iter().map(|row| row.code).collect();
    let rivals = view
        .plan
        .before
        .iter()
        .filter(|link| staying_codes.contains(&link.source_code));
    let mut taken = HashSet::new();
    let shared: HashSet<u32> = rivals
        .map(|link| link.rank)
        .filter(|rank| !taken.insert(*rank))
        .collect();
    let mut gone: HashMap<&SourceCode, Row<'a>> = gone.into_iter().map(|row| (row.code, row)).collect();
    let mut top = Vec::new();
    let mut below: HashMap<&SourceCode, Vec<Row<'a>>> = HashMap::new();
    let mut anchor = None;
    for RankedLink { source_code, .. } in &view.plan.before {
        match gone.remove(source_code) {
            Some(row) => match anchor {
                Some(anchor) => below.entry(anchor).or_default().push(row),
                None => top.push(row),
            },
            None if !reorders.contains_key(source_code) => anchor = Some(source_code),
            None => {}
        }
    }
    let rest = staying.into_iter().flat_map(|row| {
        let removed = below.remove(row.code).unwrap_or_default();
        std::iter::once(row).chain(removed)
    });
    let rows = top.into_iter().chain(rest);
    rows.map(|row| PageRow::new(row, reorders.get(row.code).copied(), &shared))
        .collect()
}

impl<'a> PageRow<'a> {
    fn new(link: Row<'a>, reorder: Option<&Reorder>, shared: &HashSet<u32>) -> Self {
        let (act, words) = match (link.kind, reorder) {
            (_, Some(reorder)) => (Act::Reorder, places(reorder)),
            (ChangeKind::Delete, None) => (Act::Delete, String::new()),
            (ChangeKind::Create, None) => (Act::Create, String::new()),
            (ChangeKind::Reorder | ChangeKind::Renumber, None) => (Act::Renumber, renumbered(link, shared)),
            (ChangeKind::Blocked, None) => (Act::Blocked, "the shop refuses to delete it".to_owned()),
            (ChangeKind::Stay, None) => (Act::Stay, String::new()),
        };
        Self { link, act, words }
    }

    /// True if the source keeps its place among the others.
    fn is_quiet(&self) -> bool {
        matches!(self.act, Act::Renumber | Act::Stay)
    }

    /// The symbol and the word of the change; `None` for a source that keeps its place among the others.
    pub(super) fn chip(&self) -> Option<&'static str> {
        match self.act {
            Act::Delete => Some("− delete"),
            Act::Create => Some("+ create"),
            Act::Reorder => Some("~ reorder"),
            Act::Blocked => Some("! blocked"),
            Act::Renumber | Act::Stay => None,
        }
    }

    /// The place now; empty for a create.
    pub(super) fn now(&self) -> String {
        place(self.link.before)
    }

    /// The place after the plan; empty for a delete.
    pub(super) fn after(&self) -> String {
        place(self.link.after)
    }
}

/// Why a source that keeps its place among the others gets another priority.
fn renumbered(link: Row<'_>, shared: &HashSet<u32>) -> String {
    let was_shared = link.before.filter(|before| shared.contains(&before.rank));
    was_shared.map_or_else(
        || "renumbered".to_owned(),
        |before| format!("renumbered; place {} was shared", before.rank),
    )
}

/// Where a source is put among the others.
fn places(reorder: &Reorder) -> String {
    let Reorder {
        from_place, to_place, ..
    } = reorder;
    if from_place == to_place {
        format!("among the others, still at place {to_place}")
    } else {
        format!("from place {from_place} to place {to_place}")
    }
}

fn place(link: Option<&RankedLink>) -> String {
    link.map_or_else(String::new, |link| link.rank.to_string())
}

#[cfg(test)]
mod tests;
