//! Labels for people: names of sources and websites of stocks. They are never compared.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::StockPlan;
use crate::model::{LiveState, SourceCode, StockId};

/// The name of a source that the plan shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceLabel {
    /// The source.
    pub source_code: SourceCode,
    /// The name in the shop; may be empty.
    pub name: String,
}

/// The websites that sell from a stock that the plan shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockLabel {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// The codes of the websites.
    pub sales_channels: Vec<String>,
}

/// The labels of all codes and ids in a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Labels {
    /// Every source that the plan links, before or after it, by code.
    pub sources: Vec<SourceLabel>,
    /// Every owned stock, in the order of the files.
    pub stocks: Vec<StockLabel>,
}

impl Labels {
    /// The name of a source; `None` if it is empty or equals the code.
    pub fn source(&self, code: &SourceCode) -> Option<&str> {
        let found = self.sources.binary_search_by(|label| label.source_code.cmp(code));
        let name = self.sources.get(found.ok()?)?.name.as_str();
        (!name.is_empty() && name != code.as_str()).then_some(name)
    }

    /// The websites that sell from a stock.
    pub fn sales_channels(&self, stock: StockId) -> &[String] {
        let found = self.stocks.iter().find(|label| label.stock_id == stock);
        found.map_or(&[], |label| &label.sales_channels)
    }
}

/// Collects the labels of the sources and stocks in a plan.
pub(super) fn labels(stocks: &[StockPlan], live: &LiveState) -> Labels {
    let links = stocks
        .iter()
        .flat_map(|stock| stock.before.iter().chain(&stock.after));
    let shown: HashSet<&SourceCode> = links.map(|link| &link.source_code).collect();
    let sources = live.sources.iter().filter(|source| shown.contains(&source.code));
    let owned = stocks
        .iter()
        .filter_map(|planned| live.stocks.iter().find(|stock| stock.id == planned.stock_id));
    Labels {
        sources: sources
            .map(|source| SourceLabel {
                source_code: source.code.clone(),
                name: source.name.clone(),
            })
            .collect(),
        stocks: owned
            .map(|stock| StockLabel {
                stock_id: stock.id,
                sales_channels: stock
                    .channels
                    .iter()
                    .map(|channel| channel.code.clone())
                    .collect(),
            })
            .collect(),
    }
}
