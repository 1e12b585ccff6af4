//! Decoding that goes on after a mistake: every value that is wrong is reported, and the others are still read.

use std::collections::HashMap;
use std::marker::PhantomData;

use super::leaf::Text;
use super::rules::{DUPLICATE_KEY, WRONG_TYPE};
use super::scalar::{Core, resolve};
use super::tree::{Node, Shape};
use crate::diag::{Findings, Span, shown};

/// A value that can be read from a node.
pub trait Decode<'t>: Sized {
    /// Reads it; `None` when it is wrong, which has then been reported.
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self>;
}

/// What is carried along while a file is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// What was found wrong or odd.
    pub findings: Findings,
    /// The parts of the text that must not be shown, since a secret may stand there.
    pub concealed: Vec<Span>,
    confidential: bool,
    guarded: bool,
}

impl Reading {
    /// A reading of files in which a secret may stand where none should: what is not understood is not shown.
    pub fn confidential() -> Self {
        Self {
            confidential: true,
            ..Self::default()
        }
    }

    /// Whether values must not be quoted here.
    pub fn is_guarded(&self) -> bool {
        self.guarded
    }

    /// Keeps a node's text from being shown, if the files are confidential.
    pub fn conceal(&mut self, node: Node<'_>) {
        if self.confidential {
            self.concealed.push(node.extent());
        }
    }

    /// Reports that a node is not what it should be.
    pub fn wrong_type(&mut self, node: Node<'_>, expected: &str, help: Option<String>) {
        if matches!(node.shape(), Shape::Broken) {
            return;
        }
        if self.guarded {
            self.conceal(node);
        }
        let message = format!("expected {expected}, found {}", self.describe(node));
        let found = WRONG_TYPE.at(node.head(), message);
        self.findings.push(match help {
            Some(help) => found.help(help),
            None => found,
        });
    }

    fn describe(&self, node: Node<'_>) -> String {
        let (kind, value) = match node.shape() {
            Shape::Plain(text) => match resolve(text) {
                Core::Null => return "nothing".to_owned(),
                Core::Bool(_) => ("the boolean", text),
                Core::Int(_) | Core::Float => ("the number", text),
                Core::Text => ("the text", text),
            },
            Shape::Text(text) => ("the text", text),
            Shape::Sequence => return "a list".to_owned(),
            Shape::Mapping | Shape::Broken => return "a mapping".to_owned(),
        };
        if self.guarded {
            return kind.replacen("the", "a", 1);
        }
        format!("{kind} `{}`", shown(value))
    }
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
    pub fn item(&self, item: Node<'t>, reading: &mut Reading) -> Option<T> {
        T::decode(item, reading)
    }

    /// The place that speaks for the list.
    pub fn head(&self) -> Span {
        self.node.head()
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }
}

impl<'t, T: Decode<'t>> Decode<'t> for List<'t, T> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        if matches!(node.shape(), Shape::Sequence) {
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
        reading.wrong_type(node, "a list", Some(help.to_owned()));
        None
    }
}

/// A value that is, or leads to, a secret: what is wrong in it is neither quoted nor shown.
#[derive(Debug)]
pub struct Guarded<T>(pub T);

impl<'t, T: Decode<'t>> Decode<'t> for Guarded<T> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        let outer = std::mem::replace(&mut reading.guarded, reading.confidential);
        let value = T::decode(node, reading);
        reading.guarded = outer;
        value.map(Self)
    }
}

/// A mapping from names that the file chooses, each once.
#[derive(Debug)]
pub struct Entries<'t, T> {
    /// The names with their values, in the order of the file.
    pub entries: Vec<(Text<'t>, Option<T>)>,
}

impl<'t, T: Decode<'t>> Decode<'t> for Entries<'t, T> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        if !matches!(node.shape(), Shape::Mapping) {
            reading.wrong_type(node, "a mapping", None);
            return None;
        }
        let mut entries = Vec::new();
        let mut seen: HashMap<&'t str, Span> = HashMap::new();
        for (key, value) in node.pairs() {
            let Some(key) = Text::read(key, "a name", reading) else {
                reading.conceal(value);
                continue;
            };
            if let Some(first) = seen.get(key.value) {
                let message = format!("the key `{}` stands here twice", shown(key.value));
                reading.findings.push(
                    DUPLICATE_KEY
                        .at(key.span, message)
                        .related(*first, "the first one"),
                );
            } else {
                seen.insert(key.value, key.span);
            }
            entries.push((key, T::decode(value, reading)));
        }
        Some(Self { entries })
    }
}
