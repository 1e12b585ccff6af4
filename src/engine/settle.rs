//! What the live state says of a call: whether it took effect. Pure.

use super::journal::Effect;
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::Call;

/// Whether anything of a call stands in the live state; a call is atomic on the server (commerce.md A1).
pub(super) fn effect(call: &Call, live: &LiveState) -> Effect {
    if stands(call, live).any(|stands| stands) {
        Effect::Some
    } else {
        Effect::None
    }
}

/// Whether the whole of a call stands in the live state.
pub(super) fn is_carried_out(call: &Call, live: &LiveState) -> bool {
    stands(call, live).all(|stands| stands)
}

/// Takes links of a call that somebody has deleted for new ones: to save such a link makes it, which the index must learn of.
pub(super) fn renew(call: &mut Call, live: &LiveState) {
    if let Call::Save(links) = call {
        for link in links {
            link.is_new |= priority(live, link.stock, &link.source).is_none();
        }
    }
}

/// Whether each link of a call is as the call wants it.
fn stands<'a>(call: &'a Call, live: &'a LiveState) -> Box<dyn Iterator<Item = bool> + 'a> {
    match call {
        Call::Save(links) => Box::new(
            links
                .iter()
                .map(|link| priority(live, link.stock, &link.source) == Some(link.priority)),
        ),
        Call::Delete(links) => Box::new(
            links
                .iter()
                .map(|link| priority(live, link.stock, &link.source).is_none()),
        ),
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
