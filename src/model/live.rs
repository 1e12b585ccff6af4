//! The live state of a shop: its stocks, sources and links, complete and sorted.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::code::SourceCode;
use super::name::StockName;

/// The id of a stock. It differs between environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StockId(pub u32);

impl fmt::Display for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl JsonSchema for StockId {
    fn schema_name() -> Cow<'static, str> {
        "StockId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "description": "A stock's id on one target." })
    }
}

/// A source, as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The code.
    pub code: SourceCode,
    /// The name for people.
    pub name: String,
    /// True if it counts for salable quantities. A disabled source may still be linked.
    pub enabled: bool,
}

/// A website that sells from a stock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SalesChannel {
    /// The kind of channel. Commerce itself has only `website`.
    pub kind: String,
    /// The website's code.
    pub code: String,
}

/// A stock, as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// The id on this server.
    pub id: StockId,
    /// The name.
    pub name: StockName,
    /// The websites that sell from it.
    pub channels: Vec<SalesChannel>,
}

/// A link: a source serves a stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The stock.
    pub stock: StockId,
    /// The source, in the link's own spelling, which may differ from the source's.
    pub source: SourceCode,
    /// The priority: lower numbers serve first. 0 cannot be written, but an old database may have it.
    pub priority: u16,
}

/// A sign that a read may be incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIssue {
    /// The observation, as a sentence.
    pub reason: String,
}

impl ReadIssue {
    /// Two reads of the links, one after the other, differ.
    pub fn two_reads_differ() -> Self {
        Self {
            reason: "two reads of the links differ".to_owned(),
        }
    }
}

/// The inventory topology of a shop, whole or for some stocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveState {
    /// All stocks, by id.
    pub stocks: Vec<Stock>,
    /// All sources, by code.
    pub sources: Vec<Source>,
    /// All links, by stock and then code.
    pub links: Vec<Link>,
    /// The stocks whose links were read, if these are not all stocks. Of the others nothing is known but their names and
    /// channels; `sources` then has those that the links name, and those that were asked for.
    pub only: Option<BTreeSet<StockId>>,
    /// Signs that this state may be incomplete; empty for a trusted read.
    pub issues: Vec<ReadIssue>,
}

impl LiveState {
    /// Sorts stocks by id, sources by code, and links by stock and code.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.stocks.sort_by_key(|stock| stock.id);
        self.sources.sort_by(|a, b| a.code.cmp(&b.code));
        self.links
            .sort_by(|a, b| (a.stock, &a.source).cmp(&(b.stock, &b.source)));
        self
    }

    /// True if the links of the stock were read. If not, a link that is not listed may exist.
    pub fn covers(&self, stock: StockId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&stock))
    }

    /// The links of one stock, by code.
    pub fn links_of(&self, stock: StockId) -> &[Link] {
        let start = self.links.partition_point(|link| link.stock < stock);
        let end = self.links.partition_point(|link| link.stock <= stock);
        &self.links[start..end]
    }

    /// The source with that code.
    pub fn source(&self, code: &SourceCode) -> Option<&Source> {
        self.sources
            .binary_search_by(|source| source.code.cmp(code))
            .ok()
            .map(|at| &self.sources[at])
    }
}
