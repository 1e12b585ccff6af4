//! What a plan says of one stock: its ranked links before and after, and each change between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::Place;

use crate::model::{SourceCode, StockId, StockName};

/// One link to create, move or delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Change {
    /// The link does not exist and shall.
    Create {
        /// The source, as the shop spells it.
        source_code: SourceCode,
        /// The priority it shall have.
        priority: u16,
        /// The line that asks for it.
        place: Place,
    },
    /// The link exists with another priority.
    Move {
        /// The source, as the link spells it.
        source_code: SourceCode,
        /// The live priority.
        before: u16,
        /// The priority it shall have.
        after: u16,
        /// The line that asks for it.
        place: Place,
    },
    /// The link exists and shall not.
    Delete {
        /// The source, as the link spells it.
        source_code: SourceCode,
        /// The live priority.
        before: u16,
        /// The stock whose list does not name the source.
        place: Place,
    },
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

    /// The priority that the link shall have; `None` when it shall go.
    pub fn wanted(&self) -> Option<u16> {
        match self {
            Self::Create { priority, .. } => Some(*priority),
            Self::Move { after, .. } => Some(*after),
            Self::Delete { .. } => None,
        }
    }

    /// The priority that the link has; `None` for one that does not exist.
    pub fn before(&self) -> Option<u16> {
        match self {
            Self::Create { .. } => None,
            Self::Move { before, .. } | Self::Delete { before, .. } => Some(*before),
        }
    }

    /// The line of the file that asks for it; for a delete, that of the stock whose list does not name the source.
    pub fn place(&self) -> &Place {
        match self {
            Self::Create { place, .. } | Self::Move { place, .. } | Self::Delete { place, .. } => place,
        }
    }

    /// Whether the link goes away.
    pub fn is_delete(&self) -> bool {
        matches!(self, Self::Delete { .. })
    }

    /// Whether the set of links changes, which is what the inventory index is made of; priorities are not in it.
    pub fn needs_reindex(&self) -> bool {
        !matches!(self, Self::Move { .. })
    }
}

/// A link with its place in the order of its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RankedLink {
    /// The place in the order, from 1; links of equal priority share a rank, since the server has no order for them.
    pub rank: u32,
    /// The source.
    pub source_code: SourceCode,
    /// The priority.
    pub priority: u16,
    /// Whether the source is enabled; a disabled one serves nothing.
    pub enabled: bool,
}

/// A live link that the file does not want and the server does not let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockedLink {
    /// The source.
    pub source_code: SourceCode,
    /// The live priority.
    pub priority: u16,
    /// Why it stays.
    pub reason: String,
}

/// What the plan says of one owned stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockPlan {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// The stock's name, as the shop spells it.
    pub name: StockName,
    /// Where the file names the stock.
    pub place: Place,
    /// Whether targets.yaml protects the stock: none of its links may be deleted.
    pub protected: bool,
    /// How many links the stock has now.
    pub live_links: u32,
    /// How many links the file wants.
    pub wanted_links: u32,
    /// The links now, by rank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<RankedLink>,
    /// The links after the plan, by rank; left out for a stock that is in sync, where they are those of now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<RankedLink>,
    /// What must change: deletes, then creates and moves by their new priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Links that ought to go and cannot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<BlockedLink>,
}

/// The changes of one stock in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Links to create.
    pub creates: u32,
    /// Links to give another priority.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
}

impl StockPlan {
    /// Whether nothing has to change.
    pub fn in_sync(&self) -> bool {
        self.changes.is_empty()
    }

    /// The links after the plan, by rank, also of a stock that is in sync.
    pub fn links_after(&self) -> &[RankedLink] {
        if self.in_sync() { &self.before } else { &self.after }
    }

    /// How many links are created, given another priority, and deleted.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            match change {
                Change::Create { .. } => counts.creates += 1,
                Change::Move { .. } => counts.moves += 1,
                Change::Delete { .. } => counts.deletes += 1,
            }
        }
        counts
    }

    /// How many links go away.
    pub fn deletes(&self) -> usize {
        self.changes.iter().filter(|change| change.is_delete()).count()
    }
}
