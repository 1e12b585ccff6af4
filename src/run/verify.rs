//! What the live state says of a call: whether it took effect. Pure.

use super::journal::Effect;
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::WriteBatch;

/// Whether a call took effect, by what stood before it and what stands now; the server carries a call out as a whole or not
/// at all (commerce.md A1). One link as it was shows that it did not; where all are neither as they were nor as the call
/// wants them, somebody else has changed them, before it or after it. Looked at are the links that count.
pub(super) fn effect(
    call: &WriteBatch,
    before: &LiveState,
    live: &LiveState,
    counts: impl Fn(StockId, &SourceCode) -> bool,
) -> Effect {
    let mut is_as_before = false;
    for (stock, source, wanted) in wanted(call).filter(|(stock, source, _)| counts(*stock, source)) {
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

/// Whether the whole of a call stands in the live state.
pub(super) fn is_carried_out(call: &WriteBatch, live: &LiveState) -> bool {
    wanted(call).all(|(stock, source, wanted)| priority(live, stock, source) == wanted)
}

/// Takes links of a call that somebody has deleted for new ones: to save such a link makes it, which the index must learn of.
pub(super) fn renew(call: &mut WriteBatch, live: &LiveState) {
    if let WriteBatch::Save(links) = call {
        for link in links {
            link.is_new |= priority(live, link.stock, &link.source).is_none();
        }
    }
}

/// Each link of a call with the priority that it shall have; `None` for one that shall go.
pub(super) fn wanted(
    call: &WriteBatch,
) -> Box<dyn Iterator<Item = (StockId, &SourceCode, Option<u16>)> + '_> {
    match call {
        WriteBatch::Save(links) => Box::new(
            links
                .iter()
                .map(|link| (link.stock, &link.source, Some(link.priority))),
        ),
        WriteBatch::Delete(links) => Box::new(links.iter().map(|link| (link.stock, &link.source, None))),
    }
}

/// The priority of a link, if it stands in the live state.
pub(super) fn priority(live: &LiveState, stock: StockId, source: &SourceCode) -> Option<u16> {
    let links = live.links_of(stock);
    links
        .binary_search_by(|link| link.source.cmp(source))
        .ok()
        .map(|at| links[at].priority)
}
