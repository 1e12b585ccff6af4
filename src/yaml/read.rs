//! Reads a text into a [`Tree`]: the one place that knows the YAML parser, and where hostile files are stopped.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use super::limits::{MAX_ALIASED_NODES, MAX_BYTES, MAX_DEPTH, MAX_NODES};
use super::rules::{ALIASES, DEPTH, DOCUMENTS, FILE_SIZE, NODES, NOT_UTF8, SYNTAX, TAGS};
use super::tree::{Kind, Slot, Tree};
use crate::diag::{Diagnostic, FileId, Findings, InputFiles, Span, shown};

/// Reads one file; `None` when it cannot be read to its end, which the findings then explain.
pub fn read<'t>(files: &'t InputFiles, file: FileId, findings: &mut Findings) -> Option<Tree<'t>> {
    let text = files.file(file)?.text.as_str();
    if let Some(span) = files.broken_at(file) {
        findings.push(not_utf8(span, text));
        return None;
    }
    if text.len() > MAX_BYTES {
        findings.push(
            FILE_SIZE
                .at(
                    Span {
                        file,
                        start: 0,
                        end: 0,
                    },
                    "the file is longer than 64 MiB",
                )
                .help("split it: several files are read as one"),
        );
        return None;
    }
    let mut builder = Builder::new(file, text, findings);
    match builder.run() {
        Ok(()) => Some(builder.tree),
        Err(found) => {
            findings.push(*found);
            None
        }
    }
}

fn not_utf8(span: Span, text: &str) -> Diagnostic {
    let found = NOT_UTF8.at(span, "the file is not UTF-8 text");
    if text.contains('\0') {
        return found.help("it looks like UTF-16; save it as UTF-8");
    }
    found.help("save it as UTF-8")
}

type Stop = Box<Diagnostic>;

/// A collection whose end has not been seen.
struct Open {
    slot: u32,
    anchor: usize,
    aliased: u64,
}

struct Builder<'t, 'f> {
    tree: Tree<'t>,
    findings: &'f mut Findings,
    open: Vec<Open>,
    /// The slots of anchors, and how many nodes each stands for once it is complete.
    anchors: HashMap<usize, (u32, Option<u64>)>,
    aliased: u64,
    documents: usize,
}

impl<'t, 'f> Builder<'t, 'f> {
    fn new(file: FileId, text: &'t str, findings: &'f mut Findings) -> Self {
        Self {
            tree: Tree {
                file,
                text,
                slots: Vec::new(),
                decoded: Vec::new(),
            },
            findings,
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            documents: 0,
        }
    }

    fn run(&mut self) -> Result<(), Stop> {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(self.tree.text, options) {
            let (event, place) = next.map_err(|error| self.stop(&error))?;
            let span = self.span(place.start.byte_offset(), place.end.byte_offset());
            if let Some(tag) = event.tag() {
                self.check_tag(tag, &event, span);
            }
            if matches!(event, Event::DocumentStart(..)) {
                self.documents += 1;
                if self.documents > 1 {
                    self.findings.push(second_document(span));
                    return Ok(());
                }
            }
            self.take(event, span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                self.scalar(&value, style, text, anchor, span)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Kind::Sequence, anchor, span),
            Event::MappingStart(_, anchor, _) => self.begin(Kind::Mapping, anchor, span),
            Event::SequenceEnd | Event::MappingEnd => {
                self.finish(span);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(_) => {
                let message = "no anchor of this name stands before this alias";
                let found = ALIASES.at(span, message);
                self.findings
                    .push(found.help("if it is a text that begins with `*`, write it in quotes"));
                self.push(Kind::Broken, span.start..span.end, 0).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        text: bool,
        anchor: usize,
        span: Span,
    ) -> Result<(), Stop> {
        let written = self
            .tree
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default();
        let plain = style == ScalarStyle::Plain;
        let inside = written.get(1..written.len().max(2) - 1);
        let kind = match (plain && !text, plain) {
            // What is not there is nothing, though the parser says `~`.
            (true, _) if written.is_empty() || written == value => Kind::Plain,
            (true, _) => Kind::DecodedPlain,
            (false, false) if inside == Some(value) && written.len() >= 2 => Kind::Quoted,
            (false, _) => Kind::DecodedText,
        };
        let mut link = 0;
        if matches!(kind, Kind::DecodedPlain | Kind::DecodedText) {
            link = small(self.tree.decoded.len());
            let value = if written.is_empty() { "" } else { value };
            self.tree.decoded.push(value.into());
        }
        let slot = self.push(kind, span.start..span.end, link)?;
        self.remember(anchor, slot, Some(1));
        Ok(())
    }

    fn begin(&mut self, kind: Kind, anchor: usize, span: Span) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        let slot = self.push(kind, span.start..span.end, 0)?;
        self.remember(anchor, slot, None);
        self.open.push(Open {
            slot,
            anchor,
            aliased: 0,
        });
        Ok(())
    }

    fn finish(&mut self, span: Span) {
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

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some((slot, Some(size))) = self.anchors.get(&anchor).copied() else {
            let message = "this alias stands inside of what it names, so it would never end";
            return Err(Box::new(ALIASES.at(span, message)));
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED_NODES {
            let message = "the aliases up to here stand for more than 1,000,000 nodes";
            return Err(Box::new(
                ALIASES
                    .at(span, message)
                    .help("write out what the aliases stand for"),
            ));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.aliased += size;
        }
        self.push(Kind::Alias, span.start..span.end, slot).map(drop)
    }

    fn push(&mut self, kind: Kind, range: std::ops::Range<u32>, link: u32) -> Result<u32, Stop> {
        if self.tree.slots.len() >= MAX_NODES {
            let span = self.span(Some(range.start as usize), Some(range.start as usize));
            let message = "the file holds more than 8,000,000 keys and values up to here";
            return Err(Box::new(
                NODES
                    .at(span, message)
                    .help("split it: several files are read as one"),
            ));
        }
        self.tree.slots.push(Slot {
            kind,
            start: range.start,
            end: range.end,
            link,
        });
        Ok(small(self.tree.slots.len() - 1))
    }

    fn check_tag(&mut self, tag: &Tag, event: &Event<'t>, span: Span) {
        let scalar = matches!(event, Event::Scalar(..));
        if !(scalar && tag.is_yaml_core_schema_tag("str")) {
            self.findings.push(
                TAGS.at(span, "this value has a tag that means nothing here")
                    .help("leave the tag out"),
            );
        }
    }

    fn span(&self, start: Option<usize>, end: Option<usize>) -> Span {
        let start = start.unwrap_or_default();
        Span {
            file: self.tree.file,
            start: small(start),
            end: small(end.unwrap_or(start).max(start)),
        }
    }

    fn stop(&self, error: &ScanError) -> Stop {
        let offset = error.marker().byte_offset();
        let span = self.span(offset, offset);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return Box::new(too_deep(span));
        }
        Box::new(SYNTAX.at(span, format!("this is not YAML: {}", shown(&error.info()))))
    }
}

fn too_deep(span: Span) -> Diagnostic {
    DEPTH.at(span, "lists and mappings nest more than 16 deep here")
}

fn second_document(span: Span) -> Diagnostic {
    DOCUMENTS
        .at(span, "a second YAML document begins here; a file holds one")
        .help("put it into a file of its own: several files are read as one")
}

/// Counts and offsets are below the limits, which fit.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
