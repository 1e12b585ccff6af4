//! The wanted topology as the rest of the program sees it.

use spanned_yaml::diag::Span;

use crate::model::{Priority, SourceCode, StockName};

/// The wanted topology of all files together, checked as far as that goes without a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spec {
    /// The closed list of sources that links may name; `None` when no file has a `sources` list.
    pub sources: Option<Vec<DeclaredSource>>,
    /// The owned stocks, in the order of the files.
    pub stocks: Vec<WantedStock>,
}

/// A source that a file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredSource {
    /// Its code.
    pub code: SourceCode,
    /// The place of the code.
    pub span: Span,
    /// Its name for people, when the file gives one.
    pub name: Option<String>,
}

/// A stock that the files own: its links shall be exactly these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedStock {
    /// Its name, the key.
    pub name: StockName,
    /// The place of the name.
    pub span: Span,
    /// Its links.
    pub links: WantedLinks,
}

/// The links of a stock as a file says them.
pub type WantedLinks = Links<WantedSource>;

/// The two ways to say a stock's links, of which each names a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Links<S> {
    /// The order is the contract, the numbers are ours.
    Ordered(Vec<S>),
    /// Every link has its number. Kept in the order of the file.
    Explicit(Vec<(S, Priority)>),
}

impl<S> Links<S> {
    /// The links in their order, each with its own number if it has one.
    pub fn numbered(&self) -> impl Iterator<Item = (&S, Option<Priority>)> {
        let (ordered, explicit) = match self {
            Self::Ordered(links) => (links.as_slice(), &[][..]),
            Self::Explicit(links) => (&[][..], links.as_slice()),
        };
        let explicit = explicit.iter().map(|(link, number)| (link, Some(*number)));
        ordered.iter().map(|link| (link, None)).chain(explicit)
    }
}

/// A source that a stock's list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedSource {
    /// Its code.
    pub code: SourceCode,
    /// The place of the code.
    pub span: Span,
}
