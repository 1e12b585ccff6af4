//! Decoding that goes on after a mistake: every value that is wrong is reported, and the others are still read.

use std::collections::HashMap;
use std::marker::PhantomData;

use super::context::DecodeContext;
use super::leaf::StrLit;
use super::node::{Node, NodeKind};
use super::rules::DUPLICATE_KEY;
use crate::diag::{Span, shown};

/// A value that can be read from a node.
pub trait Decode<'t>: Sized {
    /// Reads it; `None` when it is wrong, which has then been reported.
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self>;
}

/// A list whose items are read one by one, when they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct List<'t, T> {
    node: Node<'t>,
    item: PhantomData<T>,
}

impl<'t, T: Decode<'t>> List<'t, T> {
    /// The items, not yet read.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'t>> + use<'t, T> {
        self.node.items()
    }

    /// Reads one of the items; `None` when it is wrong, which has then been reported.
    pub fn item(&self, item: Node<'t>, context: &mut DecodeContext) -> Option<T> {
        T::decode(item, context)
    }

    /// Reads all items; `None` when one of them is wrong, after the others have been read too.
    pub fn all(&self, context: &mut DecodeContext) -> Option<Vec<T>> {
        let items: Vec<_> = self.nodes().map(|node| self.item(node, context)).collect();
        items.into_iter().collect()
    }

    /// The place that speaks for the list.
    pub fn head(&self) -> Span {
        self.node.head()
    }

    /// True without items.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }
}

impl<'t, T: Decode<'t>> Decode<'t> for List<'t, T> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        if matches!(node.kind(), NodeKind::Sequence) {
            return Some(Self {
                node,
                item: PhantomData,
            });
        }
        let help = if node.is_null() {
            "write `[]` for an empty list"
        } else {
            "a list is written as `[a, b]`, or with a `- ` before each item"
        };
        context.wrong_type(node, "a list", Some(help.to_owned()));
        None
    }
}

/// A value that is, or leads to, a secret: errors neither quote nor show it.
#[derive(Debug)]
pub struct Sensitive<T>(pub T);

impl<'t, T: Decode<'t>> Decode<'t> for Sensitive<T> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        context.sensitive(|context| T::decode(node, context)).map(Self)
    }
}

/// A mapping with free keys, each once.
#[derive(Debug)]
pub struct Entries<'t, T> {
    /// The names with their values, in the order of the file.
    pub entries: Vec<(StrLit<'t>, Option<T>)>,
}

impl<'t, T: Decode<'t>> Decode<'t> for Entries<'t, T> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        if !matches!(node.kind(), NodeKind::Mapping) {
            context.wrong_type(node, "a mapping", None);
            return None;
        }
        let mut entries = Vec::new();
        let mut seen: HashMap<&'t str, Span> = HashMap::new();
        for (key, value) in node.pairs() {
            let Some(key) = StrLit::read(key, "a name", context) else {
                context.conceal(value);
                continue;
            };
            if let Some(first) = seen.get(key.value) {
                let message = format!("the key `{}` stands here twice", shown(key.value));
                context.report(
                    DUPLICATE_KEY
                        .at(key.span, message)
                        .related(*first, "the first one"),
                );
            } else {
                seen.insert(key.value, key.span);
            }
            entries.push((key, T::decode(value, context)));
        }
        Some(Self { entries })
    }
}
