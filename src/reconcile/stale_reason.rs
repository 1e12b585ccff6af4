//! The reasons why a plan is stale: what it was bound to, and the present state.

use schemars::JsonSchema;
use serde::Serialize;

use super::change::Change;
use super::guard::GuardVerdict;
use super::plan::TargetLabel;
use crate::model::{SourceCode, StockId, StockName};

/// One reason why a plan is stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "difference", rename_all = "kebab-case")]
pub enum StaleReason {
    /// The plan is for another target.
    Target {
        /// The target that the plan is for.
        was: TargetLabel,
        /// The target at hand.
        now: TargetLabel,
    },
    /// Another version of stocktake made the plan.
    ToolVersion {
        /// The version that made the plan.
        was: String,
        /// The version at hand.
        now: String,
    },
    /// The plan has expired.
    Expired {
        /// When it expired, RFC 3339, UTC.
        expired_at: String,
        /// The time now, RFC 3339, UTC.
        now: String,
    },
    /// An input file changed.
    File {
        /// The path, as it was given.
        path: String,
        /// The SHA-256 of its content then; null if the plan did not use it.
        was: Option<String>,
        /// The SHA-256 of its content now; null if it is not used now.
        now: Option<String>,
    },
    /// The signs that the read may be incomplete changed.
    Doubts {
        /// The signs then.
        was: Vec<String>,
        /// The signs now.
        now: Vec<String>,
    },
    /// An owned stock was recreated or renamed, or is owned in one of the plans only.
    Stock {
        /// The stock then.
        was: Option<StockKey>,
        /// The stock now.
        now: Option<StockKey>,
    },
    /// A link was created, deleted or moved.
    Link {
        /// The stock.
        stock: StockName,
        /// The source.
        source_code: SourceCode,
        /// The live priority then; null if there was no such link.
        was: Option<u16>,
        /// The live priority now; null if there is no such link.
        now: Option<u16>,
    },
    /// The spelling of a link's source changed.
    LinkRespelt {
        /// The stock.
        stock: StockName,
        /// The spelling then.
        was: SourceCode,
        /// The spelling now.
        now: SourceCode,
    },
    /// A source was enabled or disabled.
    SourceSwitched {
        /// The source.
        source_code: SourceCode,
        /// True if it is enabled now.
        enabled: bool,
    },
    /// The live facts changed in a way that the plan does not show.
    LiveFacts {
        /// Their SHA-256 then.
        was: String,
        /// Their SHA-256 now.
        now: String,
    },
    /// The changes of a stock are different.
    Changes {
        /// The stock.
        stock: StockName,
        /// The changes then.
        was: Vec<Change>,
        /// The changes now.
        now: Vec<Change>,
    },
    /// The verdicts of the guards changed.
    Guards {
        /// The verdicts then.
        was: Vec<GuardVerdict>,
        /// The verdicts now.
        now: Vec<GuardVerdict>,
    },
    /// A part of the plan contradicts the rest, as after an edit by hand.
    Contradiction {
        /// The part.
        part: String,
    },
}

/// The identity of a stock on one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StockKey {
    /// The id on this target.
    pub stock_id: StockId,
    /// The name, as the shop spells it.
    pub name: StockName,
}
