//! Graphs of a live state, a plan, and the changed part of a plan.

use std::collections::BTreeMap;

use super::{Edge, Graph, SourceNode, StockNode};
use crate::model::{LiveState, SourceCode, Stock};
use crate::reconcile::{Plan, StockPlan};
use crate::report::view::{ChangeKind, rows};

/// Builds a graph stock by stock. Each source is added once.
#[derive(Debug)]
struct Growing {
    graph: Graph,
    known: BTreeMap<SourceCode, usize>,
}

impl Growing {
    fn new(title: &str) -> Self {
        let graph = Graph {
            title: title.to_owned(),
            only: Vec::new(),
            stocks: Vec::new(),
            sources: Vec::new(),
        };
        Self {
            graph,
            known: BTreeMap::new(),
        }
    }

    fn source(&mut self, code: &SourceCode, name: Option<&str>, enabled: bool) -> usize {
        let sources = &mut self.graph.sources;
        *self.known.entry(code.clone()).or_insert_with(|| {
            sources.push(SourceNode {
                code: code.as_str().to_owned(),
                name: name.map(str::to_owned),
                enabled,
            });
            sources.len() - 1
        })
    }
}

impl Graph {
    /// The graph of a live state.
    pub fn of_live(title: &str, live: &LiveState) -> Self {
        let mut growing = Growing::new(title);
        for stock in &live.stocks {
            let links = live_links(&mut growing, stock, live);
            growing.graph.stocks.push(StockNode {
                id: stock.id.0,
                name: stock.name.as_str().to_owned(),
                links,
            });
        }
        growing.graph
    }

    /// The graph of a plan, before and after.
    pub fn of_plan(plan: &Plan) -> Self {
        of_stocks(plan, plan.stocks.iter(), |_| true)
    }

    /// The graph of the links that a plan creates, deletes or reorders, and of blocked ones.
    pub fn of_changes(plan: &Plan) -> Self {
        let changed = plan.stocks.iter().filter(|stock| !stock.in_sync());
        of_stocks(plan, changed, |kind| {
            !matches!(kind, ChangeKind::Stay | ChangeKind::Renumber)
        })
    }
}

/// The links of a live stock by rank; equal priorities share a rank, since the server has no order for them.
fn live_links(growing: &mut Growing, stock: &Stock, live: &LiveState) -> Vec<Edge> {
    let mut links: Vec<_> = live.links_of(stock.id).iter().collect();
    links.sort_by_key(|link| link.priority);
    let mut rank = 0;
    let mut before = None;
    let ranked = (1_u32..).zip(links).map(|(at, link)| {
        if before != Some(link.priority) {
            rank = at;
        }
        before = Some(link.priority);
        let source = live.source(&link.source);
        let name = source.map(|source| source.name.as_str());
        let name = name.filter(|name| !name.is_empty() && *name != link.source.as_str());
        Edge {
            source: growing.source(&link.source, name, source.is_some_and(|source| source.enabled)),
            kind: ChangeKind::Stay,
            rank: rank.to_string(),
        }
    });
    ranked.collect()
}

fn of_stocks<'a>(
    plan: &'a Plan,
    stocks: impl Iterator<Item = &'a StockPlan>,
    shown: impl Fn(ChangeKind) -> bool,
) -> Graph {
    let mut growing = Growing::new(&plan.target.name);
    for stock in stocks {
        let shown = rows(stock).into_iter().filter(|row| shown(row.kind));
        let links = shown.map(|row| Edge {
            source: growing.source(row.code, plan.labels.source(row.code), row.enabled()),
            kind: row.kind,
            rank: row.now_and_then(|link| link.rank),
        });
        let links = links.collect();
        growing.graph.stocks.push(StockNode {
            id: stock.stock_id.0,
            name: stock.name.as_str().to_owned(),
            links,
        });
    }
    growing.graph
}
