//! What the server says: stocks, sources and links, complete and sorted.

use std::fmt;

use super::code::SourceCode;
use super::name::StockName;

/// A stock's number on one server; it differs between environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StockId(pub u32);

impl fmt::Display for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A place that holds goods, as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its key.
    pub code: SourceCode,
    /// Its name for people.
    pub name: String,
    /// Whether it counts for salable quantities; a disabled source may still be linked.
    pub enabled: bool,
}

/// A website that sells from a stock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SalesChannel {
    /// The kind of channel; Commerce itself knows `website`.
    pub kind: String,
    /// The website's code.
    pub code: String,
}

/// A virtual inventory, as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// Its number on this server.
    pub id: StockId,
    /// Its name.
    pub name: StockName,
    /// The websites that sell from it.
    pub channels: Vec<SalesChannel>,
}

/// A source that serves a stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The stock that is served.
    pub stock: StockId,
    /// The source that serves, in the link's own spelling, which may differ from the source's.
    pub source: SourceCode,
    /// The lower number is served first. 0 cannot be written but may stand in an old database.
    pub priority: u16,
}

/// A reason not to trust that a read is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIssue {
    /// What was seen, as a sentence.
    pub reason: String,
}

/// Everything that the server says of its inventory topology.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveState {
    /// All stocks, by id.
    pub stocks: Vec<Stock>,
    /// All sources, by code.
    pub sources: Vec<Source>,
    /// All links, by stock and then code.
    pub links: Vec<Link>,
    /// Why this state may be incomplete; empty when it is to be trusted.
    pub issues: Vec<ReadIssue>,
}

impl LiveState {
    /// Brings the records into their one order: by id, by code, by stock and code.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.stocks.sort_by_key(|stock| stock.id);
        self.sources.sort_by(|a, b| a.code.cmp(&b.code));
        self.links
            .sort_by(|a, b| (a.stock, &a.source).cmp(&(b.stock, &b.source)));
        self
    }

    /// The links of one stock, by code.
    pub fn links_of(&self, stock: StockId) -> &[Link] {
        let start = self.links.partition_point(|link| link.stock < stock);
        let end = self.links.partition_point(|link| link.stock <= stock);
        &self.links[start..end]
    }

    /// The source of that code, if the shop has it.
    pub fn source(&self, code: &SourceCode) -> Option<&Source> {
        self.sources
            .binary_search_by(|source| source.code.cmp(code))
            .ok()
            .map(|at| &self.sources[at])
    }
}
