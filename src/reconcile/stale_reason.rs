//! What tells two plans for the same wish apart: what one was bound to, and what is so now.

use schemars::JsonSchema;
use serde::Serialize;

use super::change::Change;
use super::guard::GuardVerdict;
use super::plan::TargetLabel;
use crate::model::{SourceCode, StockId, StockName};

/// One thing that is not as it was when a plan was made.
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
    /// A file is another one.
    File {
        /// Its path as it was given.
        path: String,
        /// The SHA-256 of its content then; nothing when it was not among the files.
        was: Option<String>,
        /// The SHA-256 of its content now; nothing when it is not among the files.
        now: Option<String>,
    },
    /// The doubts about the read are others.
    Doubts {
        /// The doubts then.
        was: Vec<String>,
        /// The doubts now.
        now: Vec<String>,
    },
    /// An owned stock is another one: made anew, renamed, or not among the owned ones.
    Stock {
        /// The stock then.
        was: Option<StockKey>,
        /// The stock now.
        now: Option<StockKey>,
    },
    /// A link came, went or moved.
    Link {
        /// The stock.
        stock: StockName,
        /// The source.
        source_code: SourceCode,
        /// The live priority then; nothing when there was no such link.
        was: Option<u16>,
        /// The live priority now; nothing when there is no such link.
        now: Option<u16>,
    },
    /// A link spells its source in another way.
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
        /// Whether it is enabled now.
        enabled: bool,
    },
    /// The live facts are others, in a way that the plan does not tell.
    LiveFacts {
        /// Their SHA-256 then.
        was: String,
        /// Their SHA-256 now.
        now: String,
    },
    /// What must change in a stock is something else.
    Changes {
        /// The stock.
        stock: StockName,
        /// The changes then.
        was: Vec<Change>,
        /// The changes now.
        now: Vec<Change>,
    },
    /// The guards judge in another way.
    Guards {
        /// The verdicts then.
        was: Vec<GuardVerdict>,
        /// The verdicts now.
        now: Vec<GuardVerdict>,
    },
    /// A part of the plan is not what the rest of it comes to, as after an edit by hand.
    Contradiction {
        /// The part.
        part: String,
    },
}

/// A stock as one target knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StockKey {
    /// Its id on this target.
    pub stock_id: StockId,
    /// Its name, as the shop spells it.
    pub name: StockName,
}
