//! A YAML document as a flat list of nodes that point into the text: 16 bytes a node, values not copied.

use crate::diag::{FileId, Span};

/// The nodes of one document, in the order of the text.
#[derive(Debug)]
pub struct Tree<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) slots: Vec<Slot>,
    /// Values that do not stand in the text as they are: with escapes, or over several lines.
    pub(super) decoded: Vec<Box<str>>,
    /// The slots of aliases.
    pub(super) aliases: Vec<u32>,
}

/// One node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) kind: SlotKind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its meaning depends on the kind: see [`SlotKind`].
    pub(super) link: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotKind {
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

impl Tree<'_> {
    pub(super) fn slot(&self, at: u32) -> Slot {
        self.slots[at as usize]
    }

    /// The slot after a node and all it holds.
    pub(super) fn after(&self, at: u32) -> u32 {
        let slot = self.slot(at);
        match slot.kind {
            SlotKind::Sequence | SlotKind::Mapping => slot.link,
            _ => at + 1,
        }
    }

    /// True for a byte within a scalar or an alias.
    pub(super) fn in_value(&self, at: usize) -> bool {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        // Slots stand in the order of the text, and nothing stands within a scalar.
        let next = self.slots.partition_point(|slot| slot.start <= at);
        let last = next.checked_sub(1).map(|last| self.slots[last]);
        last.is_some_and(|slot| !matches!(slot.kind, SlotKind::Sequence | SlotKind::Mapping) && at < slot.end)
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span {
            file: self.file,
            start,
            end,
        }
    }
}
