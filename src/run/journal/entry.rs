//! The lines of the journal file, one JSON object each.

use std::collections::BTreeSet;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{SourceCode, StockId};
use crate::reconcile::WriteBatch;

/// The JSON Schema of a line of the journal.
pub fn journal_schema() -> schemars::Schema {
    schemars::schema_for!(Line)
}

/// One line: the time, the run, the target, the actor, and the event.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Line {
    /// The time, RFC 3339, UTC.
    #[schemars(with = "String")]
    pub at: jiff::Timestamp,
    /// The run that wrote the line; ids of later runs sort after it.
    pub run: String,
    /// The target's name at that time.
    pub target: String,
    /// The shop's base address.
    pub url: String,
    /// The person or account that ran the command.
    pub actor: String,
    /// The digest of the plan that is applied; none for a reindex by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_sha256: Option<String>,
    #[serde(flatten)]
    pub entry: Entry,
}

/// The event of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Entry {
    /// The pre-image of the stocks that will change was written to that file, in the folder of pre-images.
    PreImageKept {
        /// The file's name.
        file: String,
    },
    /// A write is about to be sent.
    WriteBegins(Write),
    /// A write was answered by something else than plain success: its effect is still unknown.
    WriteAnswered {
        /// When it began.
        #[schemars(with = "String")]
        began: jiff::Timestamp,
    },
    /// The known effect of a write.
    WriteEnds {
        /// When it began. Missing in runs that made one write at a time: then it is the one that began last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        began: Option<jiff::Timestamp>,
        /// True if it took effect.
        effect: Effect,
    },
    /// A write in doubt can no longer take effect: a read has shown it, or its time is over.
    WriteSettled {
        /// When it began.
        #[schemars(with = "String")]
        began: jiff::Timestamp,
        /// True if a read has shown it.
        seen: bool,
    },
    /// The reindex steps are about to start. Where an index proof follows, their success alone does not settle what is owed.
    ReindexBegins {
        /// The number of steps.
        steps: usize,
        /// True if a proof of the index follows them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        to_be_proven: bool,
    },
    /// A reindex step, from 1, is about to start.
    StepBegins {
        /// Its number.
        step: usize,
    },
    /// A reindex step ended.
    StepEnds {
        /// Its number, from 1.
        step: usize,
        /// True if it succeeded.
        succeeded: bool,
        /// True if it was ended midway and may have left the shop's index at `working`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        cut_off: bool,
    },
    /// The reindex steps ended.
    ReindexEnds {
        /// True if all of them succeeded.
        succeeded: bool,
    },
    /// A person declared that the shop has reindexed by itself.
    ReindexDeclared,
    /// The shop's index is as the links predict.
    IndexProven {
        /// The stocks that it is proven for; all when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stocks: Option<BTreeSet<StockId>>,
    },
    /// The shop's index is stale, or could not be proven.
    IndexNotProven {
        /// The stocks whose index is not proven; any when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stocks: Option<BTreeSet<StockId>>,
    },
}

/// A write that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Write {
    /// The links it writes.
    pub links: Vec<WrittenLink>,
    /// True if it makes the index stale.
    pub needs_reindex: bool,
    /// The SHA-256 of the live state that it is based on.
    pub live_sha256: String,
    /// The most time that the request may take.
    pub timeout_seconds: u64,
}

/// One link of a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WrittenLink {
    /// The stock.
    pub stock_id: StockId,
    /// The source.
    pub source_code: SourceCode,
    /// The priority it gets; `None` for one that is deleted.
    pub priority: Option<u16>,
}

/// True if a write took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::run) enum Effect {
    /// All of it or some of it did.
    Some,
    /// A read shows that nothing of it did.
    None,
    /// Nothing could be read, or the server may still apply it.
    Unknown,
}

impl Write {
    /// Describes a batch that is based on the live state of that digest.
    pub(super) fn of(batch: &WriteBatch, live_sha256: &str, timeout: Duration) -> Self {
        let links = batch.links().map(|(stock_id, source, priority)| WrittenLink {
            stock_id,
            source_code: source.clone(),
            priority,
        });
        Self {
            links: links.collect(),
            needs_reindex: batch.needs_reindex(),
            live_sha256: live_sha256.to_owned(),
            timeout_seconds: timeout
                .as_secs()
                .saturating_add(u64::from(timeout.subsec_nanos() > 0)),
        }
    }
}
