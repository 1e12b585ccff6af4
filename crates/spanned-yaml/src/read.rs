//! Reads a text into a [`Tree`]: the one place that knows the YAML parser.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use super::build::{Builder, Stop, too_deep};
use super::conflict::conflict;
use super::explain::explained;
use super::hidden;
use super::limits::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
use super::portable;
use super::rules::{ALIASES, DOCUMENTS, FILE_SIZE, NOT_UTF8, SYNTAX, TAGS};
use super::tree::{SlotKind, Tree};
use crate::diag::{Diagnostic, FileId, Findings, InputFiles, Span, shown};

/// Reads one file; `None` when it cannot be read to its end, which the findings then explain.
pub fn read<'t>(files: &'t InputFiles, file: FileId, findings: &mut Findings) -> Option<Tree<'t>> {
    let text = files.file(file)?.text.as_str();
    if text.len() > MAX_BYTES {
        let found = FILE_SIZE.at(file.start(), "the file is longer than 64 MiB");
        findings.push(found.help("split it: several files are read as one"));
        return None;
    }
    // Without a mark at its beginning, UTF-16 can pass for UTF-8 with a zero in every other byte.
    let zero = text.bytes().take(4).any(|byte| byte == 0).then_some(file.start());
    if let Some(span) = files.broken_at(file).or(zero) {
        findings.push(not_utf8(span, text));
        return None;
    }
    if let Some(found) = conflict(text, file) {
        findings.push(found);
        return None;
    }
    let tree = read_within(MAX_NODES, file, text, findings)?;
    hidden::warn(&tree, findings);
    portable::warn(&tree, findings);
    Some(tree)
}

fn read_within<'t>(
    max_nodes: usize,
    file: FileId,
    text: &'t str,
    findings: &mut Findings,
) -> Option<Tree<'t>> {
    let mut events = Events {
        builder: Builder::new(max_nodes, file, text),
        findings,
        documents: 0,
        began: file.start(),
    };
    match events.run() {
        Ok(()) => Some(events.builder.tree),
        Err(found) => {
            findings.push(*found);
            None
        }
    }
}

/// Turns the parser's events into a tree.
struct Events<'t, 'f> {
    builder: Builder<'t>,
    findings: &'f mut Findings,
    documents: usize,
    /// The beginning of the last document.
    began: Span,
}

impl<'t> Events<'t, '_> {
    fn run(&mut self) -> Result<(), Stop> {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(self.builder.tree.text, options) {
            let (event, place) = next.map_err(|error| self.stop(&error))?;
            let span = self.span(place.start.byte_offset(), place.end.byte_offset());
            if let Some(tag) = event.tag() {
                let written = place.tag_span().and_then(|tag| tag.byte_range());
                let written = written.map_or(span, |range| self.span(Some(range.start), Some(range.end)));
                self.check_tag(tag, &event, written);
            }
            match event {
                Event::DocumentStart(..) => {
                    self.documents += 1;
                    self.began = span;
                }
                // A line of dashes at the end begins a document that says nothing.
                _ if self.documents > 1 => {
                    if !says_nothing(&event, span) {
                        self.findings.push(second_document(self.began));
                        return Ok(());
                    }
                }
                _ => self.take(event, span)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let plain = style == ScalarStyle::Plain && !text;
                self.builder.scalar(&value, plain, anchor, span)
            }
            Event::SequenceStart(_, anchor, _) => self.builder.begin(SlotKind::Sequence, anchor, span),
            Event::MappingStart(_, anchor, _) => self.builder.begin(SlotKind::Mapping, anchor, span),
            Event::SequenceEnd | Event::MappingEnd => {
                self.builder.finish(span);
                Ok(())
            }
            Event::Alias(anchor) => self.builder.alias(anchor, span),
            Event::Anchor(_, name) => {
                if let Some(found) = portable::anchor(&name, span) {
                    self.findings.push(found);
                }
                Ok(())
            }
            Event::UnresolvedAlias(_) => {
                let message = "no anchor of this name stands before this alias";
                let found = ALIASES.at(span, message);
                self.findings
                    .push(found.help("if it is a text that begins with `*`, write it in quotes"));
                self.builder.broken(span)
            }
            _ => Ok(()),
        }
    }

    fn check_tag(&mut self, tag: &Tag, event: &Event<'t>, span: Span) {
        let scalar = matches!(event, Event::Scalar(..));
        if !(scalar && tag.is_yaml_core_schema_tag("str")) {
            self.findings.push(
                TAGS.at(span, "this value has a tag that means nothing here")
                    .help("leave the tag out; a text that begins with `!` stands in quotes"),
            );
        }
    }

    fn span(&self, start: Option<usize>, end: Option<usize>) -> Span {
        let start = start.unwrap_or_default();
        let end = end.unwrap_or(start).max(start);
        Span::new(self.builder.tree.file, start, end)
    }

    fn stop(&self, error: &ScanError) -> Stop {
        let offset = error.marker().byte_offset();
        let span = self.span(offset, offset);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return Box::new(too_deep(span));
        }
        let text = self.builder.tree.text;
        let bracket = self.builder.open_bracket(span);
        let open = bracket.map(|bracket| bracket.start as usize);
        if let Some(explained) = explained(text, offset.unwrap_or_default(), open, error.kind()) {
            let (start, end) = explained.at;
            let found = SYNTAX.at(self.span(Some(start), Some(end)), explained.message);
            return Box::new(found.help(explained.help));
        }
        let found = SYNTAX.at(span, format!("this is not YAML: {}", shown(&error.info())));
        Box::new(match bracket {
            Some(bracket) => found.related(bracket, "this bracket is still open"),
            None => found,
        })
    }
}

/// True for events that add nothing to a document: its ends, comments, and the empty scalar that the parser reports without a node.
fn says_nothing(event: &Event<'_>, span: Span) -> bool {
    match event {
        Event::Scalar(_, ScalarStyle::Plain, 0, None) => span.start == span.end,
        Event::DocumentEnd | Event::StreamEnd | Event::Comment(..) => true,
        _ => false,
    }
}

fn not_utf8(span: Span, text: &str) -> Diagnostic {
    let found = NOT_UTF8.at(span, "the file is not UTF-8 text");
    if text.contains('\0') {
        return found.help("it looks like UTF-16; save it as UTF-8");
    }
    found.help("save it as UTF-8")
}

fn second_document(span: Span) -> Diagnostic {
    DOCUMENTS
        .at(span, "a second YAML document begins here; a file holds one")
        .help("put it into a file of its own: several files are read as one")
}

#[cfg(test)]
mod tests {
    use super::{FileId, Findings, read_within};

    #[test]
    fn nodes_are_counted() {
        let text = "stocks: [a, b, c, d, e]\n";
        let mut findings = Findings::default();
        assert!(read_within(8, FileId(0), text, &mut findings).is_some());
        assert!(!findings.any_error());
        assert!(read_within(7, FileId(0), text, &mut findings).is_none());
        assert!(findings.iter().any(|found| found.rule == "yaml-nodes"));
    }

    #[test]
    fn values_are_those_of_the_parser() {
        let text = "[plain, 'it''s', \"a\\tb\", 'quoted', \"quoted\", '', \"\", !!str 12, plain\n two, ~, ]";
        let mut findings = Findings::default();
        let tree = read_within(99, FileId(0), text, &mut findings).unwrap();
        let kinds: Vec<_> = tree
            .root()
            .unwrap()
            .items()
            .map(|item| format!("{:?}", item.kind()))
            .collect();
        let expected = [
            r#"Plain("plain")"#,
            r#"Text("it's")"#,
            r#"Text("a\tb")"#,
            r#"Text("quoted")"#,
            r#"Text("quoted")"#,
            r#"Text("")"#,
            r#"Text("")"#,
            r#"Text("12")"#,
            r#"Plain("plain two")"#,
            r#"Plain("~")"#,
        ];
        assert_eq!(kinds, expected);
    }
}
