//! The links of a stock before and after the plan, side by side, for tables, pages and pictures.

use std::collections::{HashMap, HashSet};

use spanned_yaml::diag::Place;

use crate::model::SourceCode;
use crate::reconcile::{Change, MoveKind, RankedLink, StockPlan};

/// The change of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ChangeKind {
    Delete,
    Create,
    /// The source changes its place among the others.
    Reorder,
    /// Only the priority changes.
    Renumber,
    Blocked,
    Stay,
}

impl ChangeKind {
    /// The word for it; empty for a link that stays as it is.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Create => "create",
            Self::Reorder => "reorder",
            Self::Renumber => "renumber",
            Self::Blocked => "blocked",
            Self::Stay => "",
        }
    }

    /// The symbol beside the word; empty where the source stays where it is.
    pub(crate) fn rune(self) -> &'static str {
        match self {
            Self::Delete => "−",
            Self::Create => "+",
            Self::Reorder => "~",
            Self::Blocked => "!",
            Self::Renumber | Self::Stay => "",
        }
    }
}

/// One link of a stock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) kind: ChangeKind,
    pub(crate) code: &'a SourceCode,
    /// The current link; `None` for a create.
    pub(crate) before: Option<&'a RankedLink>,
    /// The link after the plan; `None` for a delete.
    pub(crate) after: Option<&'a RankedLink>,
    /// The line of the file that asks for the change.
    pub(crate) place: Option<&'a Place>,
}

impl Row<'_> {
    /// True if the source is enabled. A disabled source serves nothing.
    pub(crate) fn enabled(&self) -> bool {
        self.after.or(self.before).is_some_and(|link| link.enabled)
    }

    /// How a reordered source moves, such as `from place 3 to place 1`. Its place is the same only when other links come
    /// or go.
    pub(crate) fn journey(&self) -> String {
        match (self.before, self.after) {
            (Some(before), Some(after)) if before.rank != after.rank => {
                format!("from place {} to place {}", before.rank, after.rank)
            }
            (_, Some(link)) | (Some(link), None) => format!("past others at place {}", link.rank),
            (None, None) => String::new(),
        }
    }

    /// The priority in words, such as `priority 3 → 1`.
    pub(crate) fn priority(&self) -> String {
        format!("priority {}", self.now_and_then(|link| link.priority.into()))
    }

    /// A number of the link: once if it stays or only one link is there, else that of now and that after the plan.
    pub(crate) fn now_and_then(&self, number: impl Fn(&RankedLink) -> u32) -> String {
        match (self.before.map(&number), self.after.map(&number)) {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (_, Some(number)) | (Some(number), None) => number.to_string(),
            (None, None) => String::new(),
        }
    }
}

/// The deleted links by their current rank, then the others by their rank after the plan.
pub(crate) fn rows(stock: &StockPlan) -> Vec<Row<'_>> {
    let changes = stock.changes.iter().map(|change| (change.source_code(), change));
    let changes: HashMap<&SourceCode, &Change> = changes.collect();
    let reordered = stock.reorders.iter().map(|reorder| &reorder.source_code);
    let reordered: HashSet<&SourceCode> = reordered.collect();
    let blocked: HashSet<&SourceCode> = stock.blocked.iter().map(|link| &link.source_code).collect();
    let before = stock.before.iter().map(|link| (&link.source_code, link));
    let before: HashMap<&SourceCode, &RankedLink> = before.collect();
    let row = |code, before, after| {
        let change = changes.get(code).copied();
        Row {
            kind: match change {
                Some(Change::Delete { .. }) => ChangeKind::Delete,
                Some(Change::Create { .. }) => ChangeKind::Create,
                Some(Change::Move { kind, .. }) => match kind {
                    MoveKind::Reorder => ChangeKind::Reorder,
                    MoveKind::Renumber => ChangeKind::Renumber,
                },
                // Others are renumbered around it.
                None if reordered.contains(code) => ChangeKind::Reorder,
                None if blocked.contains(code) => ChangeKind::Blocked,
                None => ChangeKind::Stay,
            },
            code,
            before,
            after,
            place: change.map(Change::place),
        }
    };
    let is_deleted = |code| changes.get(code).is_some_and(|change| change.is_delete());
    let gone = stock.before.iter().filter(|link| is_deleted(&link.source_code));
    let gone = gone.map(|link| row(&link.source_code, Some(link), None));
    let staying = stock.links_after().iter().map(|link| {
        let code = &link.source_code;
        row(code, before.get(code).copied(), Some(link))
    });
    gone.chain(staying).collect()
}
