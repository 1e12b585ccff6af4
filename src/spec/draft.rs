//! The wanted topology before its checks, right or wrong.

use std::ops::Range;

use spanned_yaml::diag::{Span, shown};

use super::duplicates::Mention;
use super::wanted::{DeclaredSource, Spec, WantedLinks, WantedSource, WantedStock};
use crate::model::{Priority, SourceCode, StockName};

/// The wanted topology, as far as it could be read.
#[derive(Debug, Default)]
pub struct Draft {
    /// The declared sources of all files.
    pub sources: Vec<DeclaredSource>,
    /// True if a file declares sources.
    pub closed: bool,
    /// The groups of all files.
    pub groups: Vec<DraftGroup>,
    /// The listed stocks of all files.
    pub stocks: Vec<DraftStock>,
    /// The parts that could not be read, and so might say what seems to be missing.
    pub unread: Unread,
}

/// Parts of an inventory with something that could not be read.
#[derive(Debug, Default)]
pub struct Unread {
    /// The declared sources.
    pub sources: bool,
    /// The names of groups.
    pub groups: bool,
    /// The sources that groups and stocks name.
    pub links: bool,
}

impl Unread {
    /// All parts.
    pub const EVERYTHING: Self = Self {
        sources: true,
        groups: true,
        links: true,
    };
}

/// A group, as far as it could be read.
#[derive(Debug)]
pub struct DraftGroup {
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub span: Span,
    /// Its sources, each once.
    pub members: Vec<WantedSource>,
}

/// A listed stock, as far as it could be read.
#[derive(Debug)]
pub struct DraftStock {
    /// Its name, when it is one.
    pub name: Option<StockName>,
    /// The place that speaks for it: its name, when it has one.
    pub span: Span,
    /// True if its links have priorities of their own.
    pub numbered: bool,
    /// Its links, in the order of the file. Those of groups are among them once the groups are expanded.
    pub links: Vec<DraftLink>,
    /// The groups in its list, in the order of the file.
    pub uses: Vec<GroupUse>,
}

/// A group in a stock's list.
#[derive(Debug)]
pub struct GroupUse {
    /// The group's name.
    pub name: String,
    /// The place of the name in the list.
    pub span: Span,
    /// The links that it stands for; empty at its place in the list until the groups are expanded.
    pub links: Range<usize>,
}

/// A link, with its number if it has a good one.
#[derive(Debug)]
pub struct DraftLink {
    /// The source.
    pub source: WantedSource,
    /// The priority.
    pub priority: Option<Priority>,
}

impl Draft {
    /// The links of all stocks.
    pub fn links(&self) -> impl Iterator<Item = &DraftLink> + Clone {
        self.stocks.iter().flat_map(|stock| &stock.links)
    }

    /// The sources that groups and stocks name. One that a stock names through a group comes again for it.
    pub fn named(&self) -> impl Iterator<Item = &WantedSource> + Clone {
        let members = self.groups.iter().flat_map(|group| &group.members);
        members.chain(self.links().map(|link| &link.source))
    }

    /// The names of the stocks that have one, with their places.
    pub fn names(&self) -> impl Iterator<Item = (&StockName, Span)> + Clone {
        let stocks = self.stocks.iter();
        stocks.filter_map(|stock| Some((stock.name.as_ref()?, stock.span)))
    }

    /// The checked topology; called when nothing was found wrong.
    pub fn finish(self) -> Spec {
        Spec {
            sources: self.closed.then_some(self.sources),
            stocks: self.stocks.into_iter().filter_map(DraftStock::finish).collect(),
        }
    }
}

impl DraftStock {
    /// Its name for a message.
    pub fn title(&self) -> String {
        let name = self.name.as_ref();
        name.map_or("a stock".to_owned(), |name| format!("`{}`", shown(name.as_str())))
    }

    /// The codes of its links, with their places.
    pub fn mentions(&self) -> impl Iterator<Item = (&SourceCode, Mention)> {
        let mut uses = self.uses.iter().peekable();
        self.links.iter().enumerate().map(move |(at, link)| {
            while uses.next_if(|usage| usage.links.end <= at).is_some() {}
            let usage = uses.peek().filter(|usage| usage.links.contains(&at));
            let span = link.source.span;
            let mention = usage.map_or(Mention::at(span), |usage| Mention::through(span, usage.span));
            (&link.source.code, mention)
        })
    }

    fn finish(self) -> Option<WantedStock> {
        let links = if self.numbered {
            let numbered = |link: DraftLink| Some((link.source, link.priority?));
            WantedLinks::Explicit(self.links.into_iter().filter_map(numbered).collect())
        } else {
            WantedLinks::Ordered(self.links.into_iter().map(|link| link.source).collect())
        };
        Some(WantedStock {
            name: self.name?,
            span: self.span,
            links,
        })
    }
}
