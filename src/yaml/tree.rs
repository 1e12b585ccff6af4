//! A YAML document as a flat list of nodes that point into the text: 16 bytes a node, values not copied.

use super::scalar::{Core, resolve};
use crate::diag::{FileId, Span};

/// The nodes of one document, in the order of the text.
#[derive(Debug)]
pub struct Tree<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) slots: Vec<Slot>,
    /// Values that do not stand in the text as they are: with escapes, or over several lines.
    pub(super) decoded: Vec<Box<str>>,
}

/// One node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// What it is depends on the kind: see there.
    pub(super) link: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A scalar without quotes that stands in the text as it is.
    Plain,
    /// A text that stands between its quotes as it is.
    Quoted,
    /// A scalar without quotes over several lines; `link` is its place in `decoded`.
    DecodedPlain,
    /// A text with escapes or in block form; `link` is its place in `decoded`.
    DecodedText,
    /// A list; `link` is the slot after its last one.
    Sequence,
    /// A mapping, keys and values in turn; `link` is the slot after its last one.
    Mapping,
    /// An alias; `link` is the slot it stands for.
    Alias,
    /// An alias of nothing.
    Broken,
}

/// One node of a tree; aliases are followed.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree<'t>,
    at: u32,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'t> {
    /// A scalar without quotes, to be read as the core schema of YAML 1.2 reads it.
    Plain(&'t str),
    /// A text in quotes, in block form, or tagged `!!str`.
    Text(&'t str),
    /// A list.
    Sequence,
    /// A mapping.
    Mapping,
    /// Something that could not be read, which has been reported.
    Broken,
}

impl<'t> Tree<'t> {
    /// The node that holds all others; `None` in a file that says nothing.
    pub fn root(&'t self) -> Option<Node<'t>> {
        (!self.slots.is_empty()).then_some(Node { tree: self, at: 0 })
    }

    fn slot(&self, at: u32) -> Slot {
        self.slots[at as usize]
    }

    /// The slot after a node and all it holds.
    fn after(&self, at: u32) -> u32 {
        let slot = self.slot(at);
        match slot.kind {
            Kind::Sequence | Kind::Mapping => slot.link,
            _ => at + 1,
        }
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<'t> Node<'t> {
    /// What it is.
    pub fn shape(self) -> Shape<'t> {
        let slot = self.slot();
        match slot.kind {
            Kind::Plain => Shape::Plain(self.tree.slice(slot.start, slot.end)),
            Kind::Quoted => Shape::Text(self.tree.slice(slot.start + 1, slot.end - 1)),
            Kind::DecodedPlain => Shape::Plain(&self.tree.decoded[slot.link as usize]),
            Kind::DecodedText => Shape::Text(&self.tree.decoded[slot.link as usize]),
            Kind::Sequence => Shape::Sequence,
            Kind::Mapping => Shape::Mapping,
            // An alias never stands for an alias, so `slot` has followed it.
            Kind::Broken | Kind::Alias => Shape::Broken,
        }
    }

    /// Whether it says nothing.
    pub fn is_null(self) -> bool {
        matches!(self.shape(), Shape::Plain(text) if resolve(text) == Core::Null)
    }

    /// `true` or `false`, if it is one of them.
    pub fn as_bool(self) -> Option<bool> {
        match self.shape() {
            Shape::Plain(text) => match resolve(text) {
                Core::Bool(flag) => Some(flag),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a list; nothing for any other node.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.children(Kind::Sequence)
    }

    /// The keys and values of a mapping; nothing for any other node.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let mut children = self.children(Kind::Mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The number of items of a list.
    pub fn len(self) -> usize {
        self.items().count()
    }

    /// Whether a list has no items.
    pub fn is_empty(self) -> bool {
        self.items().next().is_none()
    }

    /// All text from its beginning to the end of the last thing in it.
    pub fn extent(self) -> Span {
        let at = self.resolved();
        let last = self.tree.after(at) - 1;
        let end = (at..=last)
            .map(|at| self.tree.slot(at).end)
            .max()
            .unwrap_or_default();
        self.tree_span(self.tree.slot(at).start, end)
    }

    /// The place that speaks for it: a scalar or `[…]` whole, of a block the first thing in it.
    pub fn head(self) -> Span {
        let mut at = self.resolved();
        loop {
            let slot = self.tree.slot(at);
            // A block begins at a mere point.
            let block = matches!(slot.kind, Kind::Sequence | Kind::Mapping) && slot.start == slot.end;
            if !block || slot.link == at + 1 {
                return self.tree_span(slot.start, slot.end);
            }
            at += 1;
        }
    }

    fn children(self, kind: Kind) -> impl Iterator<Item = Node<'t>> {
        let at = self.resolved();
        let slot = self.tree.slot(at);
        let end = if slot.kind == kind { slot.link } else { 0 };
        let mut next = at + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = Node {
                    tree: self.tree,
                    at: next,
                };
                next = self.tree.after(next);
                child
            })
        })
    }

    fn resolved(self) -> u32 {
        let slot = self.tree.slot(self.at);
        if slot.kind == Kind::Alias {
            slot.link
        } else {
            self.at
        }
    }

    fn slot(self) -> Slot {
        self.tree.slot(self.resolved())
    }

    fn tree_span(self, start: u32, end: u32) -> Span {
        Span {
            file: self.tree.file,
            start,
            end,
        }
    }
}
