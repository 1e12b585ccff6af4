//! The result of each link write: what the server answered, and what the last read shows of it. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::{ApprovedPlan, Change, WriteBatch};
use crate::run::journal::Effect;
use crate::run::verify::priority;

/// The result of a change in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeResult {
    /// The server confirmed it, or a read after an unclear answer shows it.
    Done,
    /// It was tried, and a read shows that it did not take effect.
    Failed,
    /// It was tried, and its effect is unknown: nothing could be read afterwards, or the server may still apply it.
    Unknown,
    /// It was not tried: something before it failed, or it was withheld.
    NotTried,
}

/// The result of one link write, from the server's answer to the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkResult {
    answer: Answer,
    /// How the last read shows the link; `None` without a complete read.
    shown: Option<Shown>,
}

/// The answer to the batch that a link was in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// The link was not sent.
    NotTried { reason: Option<String> },
    /// The write took effect, by the server's answer or by a read.
    Done,
    /// The shop refused the batch, and nothing of it took effect. The message is known for a link that was sent alone.
    Refused { message: Option<String> },
    /// The batch failed.
    Failed {
        /// True if it took effect all the same.
        effect: Effect,
        /// True if the server may still apply it.
        in_doubt: bool,
    },
    /// The batch had too many links. It was to be sent again in smaller ones.
    Split {
        /// True if the server may still apply the whole batch.
        in_doubt: bool,
    },
}

/// A link as the last read shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    AsWanted,
    AsBefore,
    /// Somebody else has changed it, before the write or after it.
    Otherwise,
}

static NOT_TRIED: LinkResult = LinkResult::of(Answer::NotTried { reason: None });

impl LinkResult {
    const fn of(answer: Answer) -> Self {
        Self { answer, shown: None }
    }

    pub(super) fn not_tried(reason: String) -> Self {
        Self::of(Answer::NotTried { reason: Some(reason) })
    }

    pub(super) fn done() -> Self {
        Self::of(Answer::Done)
    }

    /// The shop refused the batch; `message` is given for a link that was sent alone.
    pub(super) fn refused(message: Option<String>) -> Self {
        Self::of(Answer::Refused { message })
    }

    pub(super) fn failed(effect: Effect, in_doubt: bool) -> Self {
        Self::of(Answer::Failed { effect, in_doubt })
    }

    pub(super) fn split(in_doubt: bool) -> Self {
        Self::of(Answer::Split { in_doubt })
    }

    /// The result in one word.
    pub fn result(&self) -> ChangeResult {
        self.concluded().0
    }

    /// The reason why the write is not done, where one is known: the shop's message, or why it was not tried.
    pub fn reason(&self) -> Option<&str> {
        self.concluded().1
    }

    fn concluded(&self) -> (ChangeResult, Option<&str>) {
        match (&self.answer, self.shown) {
            (Answer::NotTried { reason }, _) => (ChangeResult::NotTried, reason.as_deref()),
            // A read overrules a refusal: a gateway may send a request twice and pass on only the second answer.
            (Answer::Done, _) | (_, Some(Shown::AsWanted)) => (ChangeResult::Done, None),
            (
                Answer::Refused {
                    message: Some(message),
                },
                shown,
            ) => {
                let result = match shown {
                    // It may have been written before somebody else changed it.
                    Some(Shown::Otherwise) => ChangeResult::Unknown,
                    _ => ChangeResult::Failed,
                };
                (result, Some(message))
            }
            (Answer::Refused { message: None } | Answer::Split { .. }, None | Some(Shown::Otherwise))
            | (Answer::Split { in_doubt: true }, _)
            | (Answer::Failed { in_doubt: true, .. }, Some(_)) => (ChangeResult::Unknown, None),
            (Answer::Split { in_doubt: false }, _) => (ChangeResult::NotTried, None),
            (Answer::Refused { message: None }, _) => (
                ChangeResult::Failed,
                Some("in a batch that the shop refused; not tried by itself"),
            ),
            (Answer::Failed { effect, .. }, None | Some(Shown::Otherwise)) if *effect != Effect::None => {
                (ChangeResult::Unknown, None)
            }
            (Answer::Failed { .. }, _) => (ChangeResult::Failed, None),
        }
    }
}

/// The results of a run, by stock and source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkResults(BTreeMap<StockId, BTreeMap<SourceCode, LinkResult>>);

impl LinkResults {
    /// The result of a link's write; "not tried" for a link that was not sent.
    pub fn of(&self, stock: StockId, source: &SourceCode) -> &LinkResult {
        let found = self.0.get(&stock).and_then(|links| links.get(source));
        found.unwrap_or(&NOT_TRIED)
    }

    /// All results.
    pub fn iter(&self) -> impl Iterator<Item = &LinkResult> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// True if no link has a result.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the result of each link of a batch; the last one counts.
    pub(super) fn set(&mut self, batch: &WriteBatch, result: &LinkResult) {
        for (stock, source, _) in batch.links() {
            self.record(stock, source, result.clone());
        }
    }

    pub(super) fn record(&mut self, stock: StockId, source: &SourceCode, result: LinkResult) {
        self.0.entry(stock).or_default().insert(source.clone(), result);
    }

    /// Completes the results: each change of the plan has one, and those that the answer left open follow the last read.
    pub(super) fn conclude(&mut self, approved: &ApprovedPlan, read: Option<&LiveState>) {
        let read = read.filter(|live| live.issues.is_empty());
        for stock in &approved.plan().stocks {
            for change in &stock.changes {
                let source = change.source_code();
                let mut result = match self.0.get(&stock.stock_id).and_then(|links| links.get(source)) {
                    Some(result) => result.clone(),
                    None => not_sent(approved, change),
                };
                result.shown = read.map(|live| Shown::of(change, priority(live, stock.stock_id, source)));
                self.record(stock.stock_id, source, result);
            }
        }
    }
}

fn not_sent(approved: &ApprovedPlan, change: &Change) -> LinkResult {
    if change.is_delete() && approved.deletes_withheld() {
        let reasons = approved.plan().doubts.join("; ");
        return LinkResult::not_tried(format!("withheld, since the read may be incomplete: {reasons}"));
    }
    NOT_TRIED.clone()
}

impl Shown {
    fn of(change: &Change, now: Option<u16>) -> Self {
        if now == change.wanted() {
            Self::AsWanted
        } else if now == change.before() {
            Self::AsBefore
        } else {
            Self::Otherwise
        }
    }
}
