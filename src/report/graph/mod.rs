//! The topology as a picture: stocks on one side, their ranked sources on the other, changes marked.

mod mermaid;

pub use mermaid::mermaid;

use std::collections::BTreeMap;

use super::rows::{Mark, rows};
use crate::model::SourceCode;
use crate::reconcile::{Plan, StockPlan};

/// Stocks, sources and the links between them.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The stocks, in their order.
    pub(super) stocks: Vec<StockNode>,
    /// The sources, in the order in which stocks name them.
    pub(super) sources: Vec<SourceNode>,
}

/// A stock with its links by rank, those that go away first.
#[derive(Debug, Clone)]
pub(super) struct StockNode {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) links: Vec<Edge>,
}

/// A source.
#[derive(Debug, Clone)]
pub(super) struct SourceNode {
    pub(super) code: SourceCode,
    /// Its name, where it says more than the code.
    pub(super) name: Option<String>,
    pub(super) enabled: bool,
}

/// A link.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// The source, by its place in the list of sources.
    pub(super) source: usize,
    pub(super) mark: Mark,
    /// The rank now and after the changes.
    pub(super) rank: (Option<u32>, Option<u32>),
}

impl Edge {
    /// The rank in words: `2`, or what it was and what it becomes.
    pub(super) fn ranks(&self) -> String {
        match self.rank {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (_, Some(rank)) | (Some(rank), None) => rank.to_string(),
            (None, None) => String::new(),
        }
    }
}

impl Graph {
    /// The links that a plan changes, with their stocks.
    pub fn of_changes(plan: &Plan) -> Self {
        let changed = plan.stocks.iter().filter(|stock| !stock.in_sync());
        Self::of_stocks(plan, changed, |mark| mark != Mark::Stay)
    }

    fn of_stocks<'a>(
        plan: &'a Plan,
        stocks: impl Iterator<Item = &'a StockPlan>,
        shown: impl Fn(Mark) -> bool,
    ) -> Self {
        let mut graph = Self::default();
        let mut known: BTreeMap<SourceCode, usize> = BTreeMap::new();
        for stock in stocks {
            let shown = rows(stock).into_iter().filter(|row| shown(row.mark));
            let links = shown.map(|row| {
                let source = *known.entry(row.code.clone()).or_insert_with(|| {
                    graph.sources.push(SourceNode {
                        code: row.code.clone(),
                        name: plan.labels.source(row.code).map(str::to_owned),
                        enabled: row.enabled(),
                    });
                    graph.sources.len() - 1
                });
                Edge {
                    source,
                    mark: row.mark,
                    rank: (row.before.map(|link| link.rank), row.after.map(|link| link.rank)),
                }
            });
            let links = links.collect();
            graph.stocks.push(StockNode {
                id: stock.stock_id.0,
                name: stock.name.as_str().to_owned(),
                links,
            });
        }
        graph
    }

    /// How many links it shows.
    pub fn edges(&self) -> usize {
        self.stocks.iter().map(|stock| stock.links.len()).sum()
    }
}
