//! The plan: the one typed value from which every output, and the apply, is made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::Place;

use super::change::StockPlan;
use super::guard::{Enforcement, GuardVerdict};
use super::labels::Labels;
use crate::model::{StockId, StockName};

/// The version of the plan's JSON; it grows when a reader of the old one could misread the new one.
pub const PLAN_FORMAT: u32 = 1;

/// The target a plan is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetLabel {
    /// Its name.
    pub name: String,
    /// Its base URL, without credentials.
    pub url: String,
}

/// An input file, bound by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputDigest {
    /// The path as it was given.
    pub path: String,
    /// The SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

/// A live stock that no file owns; it is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnmanagedStock {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// Its name.
    pub name: StockName,
    /// How many links it has.
    pub links: u32,
}

/// Something a person should look at that does not stop the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanWarning {
    /// The stable id of the rule.
    pub rule: String,
    /// What was found.
    pub message: String,
    /// Where, if it is about a place in a file.
    pub place: Option<Place>,
}

/// The plan in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Links to create.
    pub creates: u32,
    /// Links to give another priority.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
    /// Deletes among them that are withheld because the read was doubtful.
    pub withheld_deletes: u32,
    /// Links that ought to go and cannot.
    pub blocked: u32,
    /// Owned stocks that change.
    pub changed_stocks: u32,
    /// Owned stocks in which every link is as wanted.
    pub in_sync_stocks: u32,
    /// Custom stocks that no file owns.
    pub unmanaged_stocks: u32,
}

/// What has to change on one target, and everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "stocktake plan")]
pub struct Plan {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The version of stocktake that made the plan.
    pub tool_version: String,
    /// When it was made, RFC 3339, UTC.
    pub created_at: String,
    /// Until when it may be applied as it is, RFC 3339, UTC.
    pub expires_at: String,
    /// The target it is for.
    pub target: TargetLabel,
    /// The files it was made from.
    pub inputs: Vec<InputDigest>,
    /// What lifts guards by name, as it was given behind `--allow`.
    pub allowances: Vec<String>,
    /// The SHA-256 of the live facts it rests on.
    pub live_sha256: String,
    /// The plan in numbers.
    pub summary: Summary,
    /// Whether the inventory index must be rebuilt after it: creates and deletes need that, moves do not.
    pub needs_reindex: bool,
    /// Every owned stock, in the order of the files.
    pub stocks: Vec<StockPlan>,
    /// Custom stocks that no file owns, by id.
    pub unmanaged: Vec<UnmanagedStock>,
    /// Why the live state may be incomplete; empty when it is to be trusted.
    pub doubts: Vec<String>,
    /// What a person should look at.
    pub warnings: Vec<PlanWarning>,
    /// The guards that the plan runs into.
    pub guards: Vec<GuardVerdict>,
    /// What its codes and ids mean to a person.
    pub labels: Labels,
}

impl Plan {
    /// Whether every link of every owned stock is as wanted.
    pub fn in_sync(&self) -> bool {
        self.stocks.iter().all(StockPlan::in_sync)
    }

    /// Whether a guard refuses the plan, or withholds a part of it.
    pub fn meets_a_guard(&self) -> bool {
        self.guards
            .iter()
            .any(|verdict| verdict.effect != Enforcement::Lifted)
    }

    /// Whether a guard refuses the plan.
    pub fn is_refused(&self) -> bool {
        self.guards
            .iter()
            .any(|verdict| verdict.effect == Enforcement::Refused)
    }
}
