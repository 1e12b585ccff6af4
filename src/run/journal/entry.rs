//! The lines of the journal as they stand in the file, one JSON object each.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{SourceCode, StockId};
use crate::reconcile::WriteBatch;

/// One line: when, which run, on which target, by whom, what.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Line {
    /// When, RFC 3339, UTC.
    #[schemars(with = "String")]
    pub at: jiff::Timestamp,
    /// The run that wrote the line; ids of later runs sort after it.
    pub run: String,
    /// The target's name at that time.
    pub target: String,
    /// The shop's base address.
    pub url: String,
    /// Who ran the command.
    pub actor: String,
    /// The digest of the plan that is carried out; none for a reindex by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_sha256: Option<String>,
    #[serde(flatten)]
    pub entry: Entry,
}

/// What one line tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Entry {
    /// What the stocks that will change hold was kept in that file, in the folder of pre-images.
    PreImageKept {
        /// The file's name.
        file: String,
    },
    /// A write is about to be sent.
    WriteBegins(Write),
    /// A write was answered by something else than the plain success: what became of it is not known yet.
    WriteAnswered {
        /// When it began.
        #[schemars(with = "String")]
        began: jiff::Timestamp,
    },
    /// What is known of a write.
    WriteEnds {
        /// When it began; not said by a run that made one write at a time, where it is the one that began last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        began: Option<jiff::Timestamp>,
        /// Whether it took effect.
        effect: Effect,
    },
    /// A write whose outcome was unknown can no longer arrive: a read has shown it, or its time is over.
    WriteSettled {
        /// When it began.
        #[schemars(with = "String")]
        began: jiff::Timestamp,
        /// Whether a read has shown it.
        seen: bool,
    },
    /// The reindex steps are about to start. Where a proof is wanted after them, their own word does not pay.
    ReindexBegins {
        /// How many there are.
        steps: usize,
        /// Whether a proof of the index comes after them.
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
        /// Whether it succeeded.
        succeeded: bool,
    },
    /// The reindex steps ended.
    ReindexEnds {
        /// Whether all of them succeeded.
        succeeded: bool,
    },
    /// A person said that the shop has reindexed by itself.
    ReindexDeclared,
    /// The shop's index was compared with the links and is as they predict.
    IndexProven,
    /// The shop's index was compared with the links and is stale, or could not be proven not to be.
    IndexNotProven,
}

/// A write that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Write {
    /// The links it writes.
    pub links: Vec<WrittenLink>,
    /// Whether it makes the index stale.
    pub needs_reindex: bool,
    /// The SHA-256 of the live facts that it rests on.
    pub live_sha256: String,
    /// How long the request may take.
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

/// Whether a write took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::run) enum Effect {
    /// All of it or some of it did.
    Some,
    /// A read shows that nothing of it did.
    None,
    /// Nothing could be read, or the server may still be at work on it.
    Unknown,
}

impl Write {
    /// Describes a call that rests on the live facts of that digest.
    pub(super) fn of(call: &WriteBatch, live_sha256: &str, timeout: Duration) -> Self {
        let written = |stock: StockId, source: &SourceCode, priority| WrittenLink {
            stock_id: stock,
            source_code: source.clone(),
            priority,
        };
        let links = match call {
            WriteBatch::Save(links) => links
                .iter()
                .map(|link| written(link.stock, &link.source, Some(link.priority)))
                .collect(),
            WriteBatch::Delete(links) => links
                .iter()
                .map(|link| written(link.stock, &link.source, None))
                .collect(),
        };
        Self {
            links,
            needs_reindex: call.needs_reindex(),
            live_sha256: live_sha256.to_owned(),
            timeout_seconds: timeout
                .as_secs()
                .saturating_add(u64::from(timeout.subsec_nanos() > 0)),
        }
    }
}
