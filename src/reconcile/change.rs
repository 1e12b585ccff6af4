//! The plan of one stock: its ranked links before and after, and each change between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::Place;

use crate::model::{SourceCode, StockId, StockName, count};

/// One link to create, move or delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Change {
    /// Creates a link.
    Create {
        /// The source, as the shop spells it.
        source_code: SourceCode,
        /// The wanted priority.
        priority: u16,
        /// The line of the file that asks for it.
        place: Place,
    },
    /// Changes the priority of a link.
    Move {
        /// The source, as the link spells it.
        source_code: SourceCode,
        /// The live priority.
        before: u16,
        /// The wanted priority.
        after: u16,
        /// Whether the source changes its place among the others.
        #[serde(default)]
        kind: MoveKind,
        /// The line of the file that asks for it.
        place: Place,
    },
    /// Deletes a link.
    Delete {
        /// The source, as the link spells it.
        source_code: SourceCode,
        /// The live priority.
        before: u16,
        /// The line of the stock whose list lacks the source.
        place: Place,
    },
}

/// The reason why a priority is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// The source changes its place among the others.
    Reorder,
    /// The source stays where it is among the others; only its number makes room or breaks a tie. Plans of earlier
    /// versions do not say which, and are read as this.
    #[default]
    Renumber,
}

/// A source that changes its place among those that serve its stock before and after the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reorder {
    /// The source, as the link spells it.
    pub source_code: SourceCode,
    /// Its rank before the plan, from 1.
    pub from_place: u32,
    /// Its rank after the plan, from 1. It can be the same, when other links come or go.
    pub to_place: u32,
    /// True if its own priority is written; false if only the priorities of others are.
    pub written: bool,
}

impl Change {
    /// The source of the link.
    pub fn source_code(&self) -> &SourceCode {
        match self {
            Self::Create { source_code, .. }
            | Self::Move { source_code, .. }
            | Self::Delete { source_code, .. } => source_code,
        }
    }

    /// The wanted priority; `None` for a delete.
    pub fn wanted(&self) -> Option<u16> {
        match self {
            Self::Create { priority, .. } => Some(*priority),
            Self::Move { after, .. } => Some(*after),
            Self::Delete { .. } => None,
        }
    }

    /// The live priority; `None` for a create.
    pub fn before(&self) -> Option<u16> {
        match self {
            Self::Create { .. } => None,
            Self::Move { before, .. } | Self::Delete { before, .. } => Some(*before),
        }
    }

    /// The line of the file that asks for the change. For a delete, the line of the stock whose list lacks the source.
    pub fn place(&self) -> &Place {
        match self {
            Self::Create { place, .. } | Self::Move { place, .. } | Self::Delete { place, .. } => place,
        }
    }

    /// True if the change is a delete.
    pub fn is_delete(&self) -> bool {
        matches!(self, Self::Delete { .. })
    }

    /// True if the set of links changes. The inventory index is built from that set; priorities are not in it.
    pub fn needs_reindex(&self) -> bool {
        !matches!(self, Self::Move { .. })
    }
}

/// A link with its rank in its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RankedLink {
    /// The rank, from 1. Links of equal priority share a rank, since the server does not order them.
    pub rank: u32,
    /// The source.
    pub source_code: SourceCode,
    /// The priority.
    pub priority: u16,
    /// True if the source is enabled. A disabled source serves nothing.
    pub enabled: bool,
}

/// A live link that the file does not want and the server refuses to delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockedLink {
    /// The source.
    pub source_code: SourceCode,
    /// The live priority.
    pub priority: u16,
    /// The reason.
    pub reason: String,
}

/// The plan of one owned stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockPlan {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// The stock's name, as the shop spells it.
    pub name: StockName,
    /// The place in the file that names the stock.
    pub place: Place,
    /// True if targets.yaml protects the stock, so that none of its links may be deleted.
    pub protected: bool,
    /// The SHA-256 of the live links. Empty in a plan of an earlier version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub live_sha256: String,
    /// The number of live links.
    pub live_links: u32,
    /// The number of wanted links.
    pub wanted_links: u32,
    /// The live links, by rank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<RankedLink>,
    /// The links after the plan, by rank. Left out if the stock is in sync, since nothing changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<RankedLink>,
    /// The changes: deletes, then creates and moves by their new priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The sources that change their place among the others, by their place after the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reorders: Vec<Reorder>,
    /// Unwanted links that cannot be deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<BlockedLink>,
}

/// The number of changes of one stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Links to create.
    pub creates: u32,
    /// Priorities to write, of reordered and of renumbered sources.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
    /// Sources that change their place among the others, written or not.
    pub reorders: u32,
    /// Priorities to write of sources that are not reordered.
    pub renumbers: u32,
}

impl StockPlan {
    /// True if the stock needs no change.
    pub fn in_sync(&self) -> bool {
        self.changes.is_empty()
    }

    /// The links after the plan, by rank. For a stock in sync these are the live links.
    pub fn links_after(&self) -> &[RankedLink] {
        if self.in_sync() { &self.before } else { &self.after }
    }

    /// Counts creates, moves, deletes, reorders and renumbers.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            reorders: count(self.reorders.len()),
            ..Counts::default()
        };
        for change in &self.changes {
            match change {
                Change::Create { .. } => counts.creates += 1,
                Change::Move { kind, .. } => {
                    counts.moves += 1;
                    counts.renumbers += u32::from(*kind == MoveKind::Renumber);
                }
                Change::Delete { .. } => counts.deletes += 1,
            }
        }
        counts
    }

    /// The number of deletes.
    pub fn deletes(&self) -> usize {
        self.changes.iter().filter(|change| change.is_delete()).count()
    }
}
