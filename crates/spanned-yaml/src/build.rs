//! Builds a [`Tree`] node by node, and stops at the limits on size, depth and aliases.

use std::collections::HashMap;

use super::limits::{MAX_ALIASED_NODES, MAX_DEPTH};
use super::rules::{ALIASES, DEPTH, NODES};
use super::tree::{Slot, SlotKind, Tree};
use crate::diag::{Diagnostic, FileId, Span, small};

/// The error that ends the reading of a file.
pub(super) type Stop = Box<Diagnostic>;

/// A collection whose end has not been seen.
struct Open {
    slot: u32,
    anchor: usize,
    aliased: u64,
}

/// Builds a tree.
pub(super) struct Builder<'t> {
    pub(super) tree: Tree<'t>,
    max_nodes: usize,
    open: Vec<Open>,
    /// The slots of anchors, and how many nodes each stands for once it is complete.
    anchors: HashMap<usize, (u32, Option<u64>)>,
    aliased: u64,
}

impl<'t> Builder<'t> {
    pub(super) fn new(max_nodes: usize, file: FileId, text: &'t str) -> Self {
        Self {
            tree: Tree {
                file,
                text,
                slots: Vec::new(),
                decoded: Vec::new(),
                aliases: Vec::new(),
            },
            max_nodes,
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
        }
    }

    /// Takes a scalar in; `plain` says that it is to be read as the core schema does.
    pub(super) fn scalar(&mut self, value: &str, plain: bool, anchor: usize, span: Span) -> Result<(), Stop> {
        let written = self.tree.slice(span.start, span.end);
        let quoted = written.len() >= 2 && written.starts_with(['"', '\'']);
        // The parser reports `~` for an empty scalar.
        let value = if written.is_empty() { "" } else { value };
        let kind = if plain && written == value {
            SlotKind::Plain
        } else if plain {
            SlotKind::DecodedPlain
        } else if quoted && written.get(1..written.len() - 1) == Some(value) {
            SlotKind::Quoted
        } else {
            SlotKind::DecodedText
        };
        let mut link = 0;
        if matches!(kind, SlotKind::DecodedPlain | SlotKind::DecodedText) {
            link = small(self.tree.decoded.len());
            self.tree.decoded.push(value.into());
        }
        let slot = self.push(kind, span, link)?;
        self.remember(anchor, slot, Some(1));
        Ok(())
    }

    /// Takes in something that cannot be read.
    pub(super) fn broken(&mut self, span: Span) -> Result<(), Stop> {
        self.push(SlotKind::Broken, span, 0).map(drop)
    }

    /// The place of the innermost bracket that is open before `before`.
    pub(super) fn open_bracket(&self, before: Span) -> Option<Span> {
        let slots = self.open.iter().rev().map(|open| self.tree.slot(open.slot));
        // Only brackets have a length of their own.
        let mut brackets = slots.filter(|slot| slot.end > slot.start && slot.start < before.start);
        brackets.next().map(|slot| self.tree.span(slot.start, slot.end))
    }

    /// Takes in the beginning of a list or mapping.
    pub(super) fn begin(&mut self, kind: SlotKind, anchor: usize, span: Span) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        let slot = self.push(kind, span, 0)?;
        self.remember(anchor, slot, None);
        self.open.push(Open {
            slot,
            anchor,
            aliased: 0,
        });
        Ok(())
    }

    /// Takes in the end of the innermost list or mapping.
    pub(super) fn finish(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let next = small(self.tree.slots.len());
        let slot = &mut self.tree.slots[open.slot as usize];
        slot.link = next;
        // The end of a block is where the next thing begins; only brackets have an end of their own.
        if span.end > span.start {
            slot.end = span.end;
        }
        let size = u64::from(next - open.slot) + open.aliased;
        self.remember(open.anchor, open.slot, Some(size));
        if let Some(parent) = self.open.last_mut() {
            parent.aliased += open.aliased;
        }
    }

    fn remember(&mut self, anchor: usize, slot: u32, size: Option<u64>) {
        // The parser gives 0 to nodes without an anchor.
        if anchor != 0 {
            self.anchors.insert(anchor, (slot, size));
        }
    }

    /// Takes an alias in.
    pub(super) fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some((slot, Some(size))) = self.anchors.get(&anchor).copied() else {
            let message = "this alias stands inside of what it names, so it would never end";
            return Err(Box::new(ALIASES.at(span, message)));
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED_NODES {
            let message = "the aliases up to here stand for more than 1,000,000 nodes";
            let found = ALIASES.at(span, message);
            return Err(Box::new(found.help("write out what the aliases stand for")));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.aliased += size;
        }
        let alias = self.push(SlotKind::Alias, span, slot)?;
        self.tree.aliases.push(alias);
        Ok(())
    }

    fn push(&mut self, kind: SlotKind, span: Span, link: u32) -> Result<u32, Stop> {
        if self.tree.slots.len() >= self.max_nodes {
            let most = self.max_nodes;
            let found = NODES.at(
                span,
                format!("the file holds more than {most} keys and values up to here"),
            );
            return Err(Box::new(found.help("split it: several files are read as one")));
        }
        self.tree.slots.push(Slot {
            kind,
            start: span.start,
            end: span.end,
            link,
        });
        Ok(small(self.tree.slots.len() - 1))
    }
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    DEPTH.at(span, "lists and mappings nest more than 16 deep here")
}
