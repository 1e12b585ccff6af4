//! The topology as a picture: stocks on one side, their ranked sources on the other, with changes marked.

mod build;
mod dot;
mod layout;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use super::view::ChangeKind;
use crate::model::StockName;

/// Stocks, sources and the links between them.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The target's name.
    pub(super) title: String,
    /// The names of the stocks, if these are not all.
    pub(super) only: Vec<String>,
    /// The stocks, in their order.
    pub(super) stocks: Vec<StockNode>,
    /// The sources, in the order in which stocks name them.
    pub(super) sources: Vec<SourceNode>,
}

/// A stock with its links by rank, deleted ones first.
#[derive(Debug, Clone)]
pub(super) struct StockNode {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) links: Vec<Edge>,
}

/// A source.
#[derive(Debug, Clone)]
pub(super) struct SourceNode {
    pub(super) code: String,
    /// Its name, if it differs from the code.
    pub(super) name: Option<String>,
    pub(super) enabled: bool,
}

/// A link.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// The index of the source in the list of sources.
    pub(super) source: usize,
    pub(super) kind: ChangeKind,
    /// The rank, or that of now and that after the changes.
    pub(super) rank: String,
}

impl Graph {
    /// The target's name, and the names of the stocks if these are not all.
    pub(super) fn full_title(&self) -> String {
        match self.only.as_slice() {
            [] => self.title.clone(),
            only => format!("{}: only {}", self.title, only.join(", ")),
        }
    }

    /// The number of links.
    pub fn edges(&self) -> usize {
        self.stocks.iter().map(|stock| stock.links.len()).sum()
    }

    /// The names of its stocks.
    pub fn stock_names(&self) -> impl Iterator<Item = &str> {
        self.stocks.iter().map(|stock| stock.name.as_str())
    }

    /// The same graph with only these stocks and the sources that serve them.
    #[must_use]
    pub fn only(mut self, stocks: &[StockName]) -> Self {
        self.stocks
            .retain(|stock| stocks.contains(&StockName::from_server(&stock.name)));
        self.only = self.stocks.iter().map(|stock| stock.name.clone()).collect();
        let mut places = vec![None; self.sources.len()];
        let mut sources = Vec::new();
        for edge in self.stocks.iter_mut().flat_map(|stock| &mut stock.links) {
            edge.source = *places[edge.source].get_or_insert_with(|| {
                sources.push(self.sources[edge.source].clone());
                sources.len() - 1
            });
        }
        self.sources = sources;
        self
    }
}

impl SourceNode {
    /// Its code, its name, and a mark if it is disabled.
    pub(super) fn label(&self) -> String {
        let name = self
            .name
            .as_ref()
            .map_or_else(String::new, |name| format!(" · {name}"));
        let disabled = if self.enabled { "" } else { " (disabled)" };
        format!("{}{name}{disabled}", self.code)
    }
}

impl Edge {
    /// The change of the link and its rank, or both ranks if it changes. A renumbered one stays where it is.
    pub(super) fn label(&self) -> String {
        if self.kind == ChangeKind::Renumber {
            return self.rank.clone();
        }
        format!("{} {}", self.kind.word(), self.rank).trim().to_owned()
    }
}

/// The colour of a change, visible on white and on black. The word for it always stands beside it.
pub(super) fn colour(kind: ChangeKind) -> Option<&'static str> {
    match kind {
        ChangeKind::Delete => Some("#d1242f"),
        ChangeKind::Create => Some("#1f883d"),
        ChangeKind::Reorder => Some("#bf8700"),
        ChangeKind::Blocked => Some("#6e7781"),
        ChangeKind::Renumber | ChangeKind::Stay => None,
    }
}
