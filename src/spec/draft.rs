//! The wanted topology before its checks, right or wrong.

use spanned_yaml::diag::Span;

use super::wanted::{DeclaredSource, Spec, WantedLinks, WantedSource, WantedStock};
use crate::model::{Priority, StockName};

/// The wanted topology, as far as it could be read.
#[derive(Debug, Default)]
pub struct Draft {
    /// The declared sources of all files.
    pub sources: Vec<DeclaredSource>,
    /// True if a file declares sources.
    pub closed: bool,
    /// The listed stocks of all files.
    pub stocks: Vec<DraftStock>,
    /// True if an unreadable part might have declared or used a source.
    pub incomplete: bool,
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
    /// Its links, in the order of the file.
    pub links: Vec<DraftLink>,
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
