//! What the live state says of calls and changes: which took effect, by the server's word or by a read. Pure.

use std::collections::HashSet;

use super::journal::Effect;
use super::outcome::ChangeResult;
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::{ApprovedPlan, Call, Change};

/// The call that failed for good.
pub(super) struct FailedCall {
    pub call: Call,
    /// Whether it took effect all the same.
    pub effect: Effect,
    /// Whether the server may still be at work on it.
    pub late: bool,
}

/// Whether anything of a call stands in the live state; a call is atomic on the server (commerce.md A1).
pub(super) fn effect(call: &Call, live: &LiveState) -> Effect {
    let any = match call {
        Call::Save(links) => links
            .iter()
            .any(|link| priority(live, link.stock, &link.source) == Some(link.priority)),
        Call::Delete(links) => links
            .iter()
            .any(|link| priority(live, link.stock, &link.source).is_none()),
    };
    if any { Effect::Some } else { Effect::None }
}

/// Whether the whole of a call stands in the live state.
pub(super) fn is_carried_out(call: &Call, live: &LiveState) -> bool {
    match call {
        Call::Save(links) => links
            .iter()
            .all(|link| priority(live, link.stock, &link.source) == Some(link.priority)),
        Call::Delete(links) => links
            .iter()
            .all(|link| priority(live, link.stock, &link.source).is_none()),
    }
}

/// The priority of a link; `None` when it is not there.
pub(super) fn priority(live: &LiveState, stock: StockId, source: &SourceCode) -> Option<u16> {
    let links = live.links_of(stock);
    links
        .binary_search_by(|link| link.source.cmp(source))
        .ok()
        .map(|at| links[at].priority)
}

/// The result of each change: by the server's word where a call was confirmed, by the read where it failed.
pub(super) fn results(
    approved: &ApprovedPlan,
    confirmed: &[Call],
    failed: Option<&FailedCall>,
    read: Option<&LiveState>,
) -> Vec<Vec<ChangeResult>> {
    let read = read.filter(|live| live.doubts.is_empty());
    let done: HashSet<(StockId, &SourceCode)> = confirmed.iter().flat_map(Call::keys).collect();
    let tried: HashSet<(StockId, &SourceCode)> =
        failed.into_iter().flat_map(|failed| failed.call.keys()).collect();
    let result = |stock: StockId, change: &Change| {
        let key = (stock, change.source_code());
        if done.contains(&key) {
            return ChangeResult::Done;
        }
        if !tried.contains(&key) {
            return ChangeResult::NotTried;
        }
        match read {
            None if failed.is_some_and(|failed| failed.effect == Effect::None) => ChangeResult::Failed,
            None => ChangeResult::Unknown,
            Some(live) if priority(live, stock, key.1) == change.wanted() => ChangeResult::Done,
            Some(_) if failed.is_some_and(|failed| failed.late) => ChangeResult::Unknown,
            Some(_) => ChangeResult::Failed,
        }
    };
    let stocks = &approved.plan().stocks;
    stocks
        .iter()
        .map(|stock| {
            stock
                .changes
                .iter()
                .map(|change| result(stock.stock_id, change))
                .collect()
        })
        .collect()
}
