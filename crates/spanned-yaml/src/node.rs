//! One node of a tree: its kind, its children, its place.

use super::scalar::{Core, resolve};
use super::tree::{Slot, SlotKind, Tree};
use crate::diag::Span;

/// One node of a tree; aliases are followed.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree<'t>,
    at: u32,
}

/// The kind of a node, with the text of a scalar.
#[derive(Debug, Clone, Copy)]
pub enum NodeKind<'t> {
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
    /// The root node; `None` in an empty file.
    pub fn root(&'t self) -> Option<Node<'t>> {
        (!self.slots.is_empty()).then_some(Node { tree: self, at: 0 })
    }
}

impl<'t> Node<'t> {
    /// Its kind.
    #[inline]
    pub fn kind(self) -> NodeKind<'t> {
        let slot = self.slot();
        match slot.kind {
            SlotKind::Plain => NodeKind::Plain(self.tree.slice(slot.start, slot.end)),
            SlotKind::Quoted => NodeKind::Text(self.tree.slice(slot.start + 1, slot.end - 1)),
            SlotKind::DecodedPlain => NodeKind::Plain(&self.tree.decoded[slot.link as usize]),
            SlotKind::DecodedText => NodeKind::Text(&self.tree.decoded[slot.link as usize]),
            SlotKind::Sequence => NodeKind::Sequence,
            SlotKind::Mapping => NodeKind::Mapping,
            // An alias never stands for an alias, so `slot` has followed it.
            SlotKind::Broken | SlotKind::Alias => NodeKind::Broken,
        }
    }

    /// The alias that stands in its place, if one does.
    #[inline]
    pub fn alias(self) -> Option<Span> {
        let slot = self.tree.slot(self.at);
        (slot.kind == SlotKind::Alias).then(|| self.tree.span(slot.start, slot.end))
    }

    /// An alias elsewhere that stands for it or for something in it.
    pub fn aliased(self) -> Option<Span> {
        let within = self.resolved()..self.tree.after(self.resolved());
        let aliases = self.tree.aliases.iter().map(|at| self.tree.slot(*at));
        let mut of_this = aliases.filter(|alias| within.contains(&alias.link));
        of_this.next().map(|alias| self.tree.span(alias.start, alias.end))
    }

    /// True for a list or mapping in brackets.
    pub fn is_bracketed(self) -> bool {
        let slot = self.slot();
        // A block begins at a mere point.
        matches!(slot.kind, SlotKind::Sequence | SlotKind::Mapping) && slot.start < slot.end
    }

    /// True for null.
    pub fn is_null(self) -> bool {
        matches!(self.kind(), NodeKind::Plain(text) if resolve(text) == Core::Null)
    }

    /// `true` or `false`, if it is one of them.
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            NodeKind::Plain(text) => match resolve(text) {
                Core::Bool(flag) => Some(flag),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a list; nothing for any other node.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.children(SlotKind::Sequence)
    }

    /// The keys and values of a mapping; nothing for any other node.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let mut children = self.children(SlotKind::Mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The number of items of a list.
    pub fn len(self) -> usize {
        self.items().count()
    }

    /// True for a list without items.
    pub fn is_empty(self) -> bool {
        self.items().next().is_none()
    }

    /// Compares values, regardless of style and of the order of keys.
    pub fn says_as(self, other: Node<'_>) -> bool {
        match (self.kind(), other.kind()) {
            (NodeKind::Sequence, NodeKind::Sequence) => {
                self.len() == other.len() && self.items().zip(other.items()).all(|(a, b)| a.says_as(b))
            }
            (NodeKind::Mapping, NodeKind::Mapping) => {
                self.pairs().count() == other.pairs().count()
                    && self.pairs().all(|(key, value)| {
                        let mut pairs = other.pairs();
                        pairs.any(|(other_key, other)| key.says_as(other_key) && value.says_as(other))
                    })
            }
            (NodeKind::Plain(a), NodeKind::Plain(b)) if resolve(a) != Core::Text => a == b,
            (NodeKind::Plain(a), NodeKind::Text(b) | NodeKind::Plain(b)) => {
                resolve(a) == Core::Text && a == b
            }
            (NodeKind::Text(a), NodeKind::Plain(b)) => resolve(b) == Core::Text && a == b,
            (NodeKind::Text(a), NodeKind::Text(b)) => a == b,
            _ => false,
        }
    }

    /// All text from its beginning to the end of the last thing in it.
    pub fn extent(self) -> Span {
        let at = self.resolved();
        let last = self.tree.after(at) - 1;
        let end = (at..=last)
            .map(|at| self.tree.slot(at).end)
            .max()
            .unwrap_or_default();
        self.tree.span(self.tree.slot(at).start, end)
    }

    /// The place that speaks for it: a scalar or `[…]` whole, of a block the first thing in it.
    #[inline]
    pub fn head(self) -> Span {
        let mut at = self.resolved();
        loop {
            let slot = self.tree.slot(at);
            // A block begins at a mere point.
            let block = matches!(slot.kind, SlotKind::Sequence | SlotKind::Mapping) && slot.start == slot.end;
            if !block || slot.link == at + 1 {
                return self.tree.span(slot.start, slot.end);
            }
            at += 1;
        }
    }

    fn children(self, kind: SlotKind) -> impl Iterator<Item = Node<'t>> {
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

    #[inline]
    fn resolved(self) -> u32 {
        let slot = self.tree.slot(self.at);
        if slot.kind == SlotKind::Alias {
            slot.link
        } else {
            self.at
        }
    }

    #[inline]
    fn slot(self) -> Slot {
        self.tree.slot(self.resolved())
    }
}
