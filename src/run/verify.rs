//! Verifies a write batch against the live state: whether it took effect. Pure.

use super::journal::Effect;
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::WriteBatch;

/// The effect of a batch, by the live state before it and now. The server applies a batch as a whole or not at all
/// (04-108, 04-109), so one link as it was before shows that it had none. Where all links are neither as before nor as the
/// batch writes them, somebody else has changed them, before it or after it. Only the links that count are compared.
pub(super) fn effect(
    batch: &WriteBatch,
    before: &LiveState,
    live: &LiveState,
    counts: impl Fn(StockId, &SourceCode) -> bool,
) -> Effect {
    let mut is_as_before = false;
    for (stock, source, wanted) in batch.links().filter(|(stock, source, _)| counts(*stock, source)) {
        let now = priority(live, stock, source);
        if now == wanted {
            return Effect::Some;
        }
        is_as_before |= now == priority(before, stock, source);
    }
    if is_as_before {
        Effect::None
    } else {
        Effect::Unknown
    }
}

/// True if every link is as the batch writes it.
pub(super) fn is_applied(batch: &WriteBatch, live: &LiveState) -> bool {
    batch
        .links()
        .all(|(stock, source, wanted)| priority(live, stock, source) == wanted)
}

/// Marks the links of a batch that somebody has deleted meanwhile as new: to save such a link creates it, and the index
/// becomes stale.
pub(super) fn mark_new(batch: &mut WriteBatch, live: &LiveState) {
    if let WriteBatch::Save(links) = batch {
        for link in links {
            link.is_new |= priority(live, link.stock, &link.source).is_none();
        }
    }
}

/// The priority of a link; `None` when it does not exist.
pub(super) fn priority(live: &LiveState, stock: StockId, source: &SourceCode) -> Option<u16> {
    let links = live.links_of(stock);
    links
        .binary_search_by(|link| link.source.cmp(source))
        .ok()
        .map(|at| links[at].priority)
}
