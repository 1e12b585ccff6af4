//! The plan: the one typed value behind every output and every apply.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::Place;

use super::change::{Counts, StockPlan};
use super::guard::{Enforcement, GuardVerdict};
use super::labels::Labels;
use super::scope::PlanScope;
use crate::model::{StockId, StockName};

/// The version of the plan's JSON. It increases when an old reader could misread a new plan.
pub const PLAN_FORMAT: u32 = 1;

/// The target of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetLabel {
    /// The name.
    pub name: String,
    /// The base URL, without credentials.
    pub url: String,
}

/// An input file and the digest of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputDigest {
    /// The path, as it was given.
    pub path: String,
    /// The SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

/// A live stock that no file owns. Stocktake does not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnmanagedStock {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// The name.
    pub name: StockName,
    /// The number of its links.
    pub links: u32,
}

/// A warning, which does not stop the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanWarning {
    /// The stable id of the rule.
    pub rule: String,
    /// The finding.
    pub message: String,
    /// The place in a file, if there is one.
    pub place: Option<Place>,
}

/// The counts of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Links to create.
    pub creates: u32,
    /// Priorities to write, of reordered and of renumbered sources.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
    /// Sources that change their place among the others, whether or not their own priority is written.
    #[serde(default)]
    pub reorders: u32,
    /// Priorities to write of sources that are not reordered, to make room or to break a tie.
    #[serde(default)]
    pub renumbers: u32,
    /// Deletes that are withheld because the read may be incomplete.
    pub withheld_deletes: u32,
    /// Unwanted links that cannot be deleted.
    pub blocked: u32,
    /// Owned stocks that change.
    pub changed_stocks: u32,
    /// Owned stocks that need no change.
    pub in_sync_stocks: u32,
    /// Custom stocks that no file owns.
    pub unmanaged_stocks: u32,
}

impl Summary {
    /// The changes of all stocks. A plan of an earlier version tells no kinds of moves: all are renumbers there.
    pub fn counts(&self) -> Counts {
        Counts {
            creates: self.creates,
            moves: self.moves,
            deletes: self.deletes,
            reorders: self.reorders,
            // Every move that is not reordered is a renumber.
            renumbers: self.renumbers.max(self.moves.saturating_sub(self.reorders)),
        }
    }
}

/// The changes that one target needs, and everything that explains them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "stocktake plan")]
pub struct Plan {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The version of stocktake that made the plan.
    pub tool_version: String,
    /// The creation time, RFC 3339, UTC.
    pub created_at: String,
    /// The time until which the plan may be applied, RFC 3339, UTC.
    pub expires_at: String,
    /// The target.
    pub target: TargetLabel,
    /// The input files.
    pub inputs: Vec<InputDigest>,
    /// The values of `--allow`, which lift guards.
    pub allowances: Vec<String>,
    /// The stocks that the plan compares, if they were named; left out if these are all stocks of the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<PlanScope>,
    /// The SHA-256 of the live facts behind the plan: of `topology_sha256` and the `live_sha256` of each stock.
    pub live_sha256: String,
    /// The SHA-256 of the ids and names of the plan's stocks, and of whether each of their sources is enabled. Empty in a plan
    /// of an earlier version, whose `live_sha256` stands for everything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topology_sha256: String,
    /// The counts.
    pub summary: Summary,
    /// True if the inventory index must be rebuilt afterwards. Creates and deletes need that, moves do not.
    pub needs_reindex: bool,
    /// Every owned stock, in the order of the files.
    pub stocks: Vec<StockPlan>,
    /// Custom stocks that no file owns, by id.
    pub unmanaged: Vec<UnmanagedStock>,
    /// Signs that the live state may be incomplete; empty for a trusted read.
    pub doubts: Vec<String>,
    /// Warnings.
    pub warnings: Vec<PlanWarning>,
    /// The guards that the plan triggers.
    pub guards: Vec<GuardVerdict>,
    /// Names of sources and websites of stocks, for people.
    pub labels: Labels,
}

impl Plan {
    /// True if no owned stock needs a change.
    pub fn in_sync(&self) -> bool {
        self.stocks.iter().all(StockPlan::in_sync)
    }

    /// True if a guard refuses the plan or withholds its deletes.
    pub fn meets_a_guard(&self) -> bool {
        self.guards
            .iter()
            .any(|verdict| verdict.effect != Enforcement::Lifted)
    }

    /// True if a guard refuses the plan.
    pub fn is_refused(&self) -> bool {
        self.guards
            .iter()
            .any(|verdict| verdict.effect == Enforcement::Refused)
    }
}
