//! Stocks that somebody renames while an apply is at work. Their links are proven by the stock's id.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{LiveState, StockId, StockName};
use crate::reconcile::{Plan, StockPlan};

/// A stock whose name has changed since the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RenamedStock {
    /// The stock's id.
    pub stock_id: StockId,
    /// The name in the plan.
    pub name: StockName,
    /// The name now.
    pub now: StockName,
}

/// The stocks of a plan that have another name now.
pub(super) fn renamed(plan: &Plan, live: &LiveState) -> Vec<RenamedStock> {
    let of = |planned: &StockPlan| {
        let found = live.stocks.iter().find(|stock| stock.id == planned.stock_id)?;
        (found.name != planned.name).then(|| RenamedStock {
            stock_id: planned.stock_id,
            name: planned.name.clone(),
            now: found.name.clone(),
        })
    };
    plan.stocks.iter().filter_map(of).collect()
}

/// The live state with each renamed stock under the name of the plan. Another stock that has taken such a name is left out:
/// the plan does not own it.
pub(super) fn under_planned_names<'a>(live: &'a LiveState, renamed: &[RenamedStock]) -> Cow<'a, LiveState> {
    if renamed.is_empty() {
        return Cow::Borrowed(live);
    }
    let mut live = live.clone();
    let is_taken =
        |id: StockId, name: &StockName| renamed.iter().any(|one| one.name == *name && one.stock_id != id);
    live.stocks.retain(|stock| {
        renamed.iter().any(|one| one.stock_id == stock.id) || !is_taken(stock.id, &stock.name)
    });
    for stock in &mut live.stocks {
        if let Some(one) = renamed.iter().find(|one| one.stock_id == stock.id) {
            stock.name = one.name.clone();
        }
    }
    Cow::Owned(live)
}

#[cfg(test)]
mod tests {
    use super::{RenamedStock, under_planned_names};
    use crate::model::{LiveState, Stock, StockId, StockName};

    fn stock(id: u32, name: &str) -> Stock {
        Stock {
            id: StockId(id),
            name: StockName::from_server(name),
            channels: Vec::new(),
        }
    }

    #[test]
    fn a_stock_is_known_by_its_id_also_when_another_one_takes_its_name() {
        let live = LiveState {
            stocks: vec![stock(2, "Old"), stock(3, "Europe"), stock(7, "America")],
            ..LiveState::default()
        };
        let renamed = [RenamedStock {
            stock_id: StockId(2),
            name: StockName::from_server("America"),
            now: StockName::from_server("Old"),
        }];
        let seen = under_planned_names(&live, &renamed);
        assert_eq!(seen.stocks, [stock(2, "America"), stock(3, "Europe")]);
    }

    #[test]
    fn two_stocks_may_swap_their_names() {
        let live = LiveState {
            stocks: vec![stock(2, "Europe"), stock(3, "America")],
            ..LiveState::default()
        };
        let renamed =
            [(2, "America", "Europe"), (3, "Europe", "America")].map(|(id, name, now)| RenamedStock {
                stock_id: StockId(id),
                name: StockName::from_server(name),
                now: StockName::from_server(now),
            });
        let seen = under_planned_names(&live, &renamed);
        assert_eq!(seen.stocks, [stock(2, "America"), stock(3, "Europe")]);
    }
}
