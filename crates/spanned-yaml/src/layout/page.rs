//! A document as its entries: keys with values, items of lists, and the comments between them.

use granit_parser::{Event, ScalarStyle, Span};

use crate::diag::commands;
use crate::scalar::{Core, resolve};
use crate::write::scalar;

/// A document.
#[derive(Debug)]
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    /// All entries, in the order of the text.
    pub(super) entries: Vec<Entry>,
    /// All lists and mappings; the first is the outermost.
    pub(super) groups: Vec<Group>,
    /// The comments, in the order of the text.
    pub(super) comments: Vec<Comment>,
    /// The offsets at which lines begin.
    lines: Vec<usize>,
}

/// A key with its value, or an item of a list.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The key as it is to be written.
    pub(super) key: Option<String>,
    pub(super) anchor: Option<String>,
    pub(super) value: Value,
    /// The offset of its beginning.
    pub(super) start: usize,
    /// The list or mapping that it is in.
    pub(super) group: usize,
    /// Comments above it; an empty one is a blank line.
    pub(super) above: Vec<String>,
    /// Comments behind it.
    pub(super) behind: Vec<String>,
    /// True with a blank line above it and its comments.
    pub(super) apart: bool,
}

#[derive(Debug)]
pub(super) enum Value {
    /// A scalar or alias as it is to be written.
    Text(String),
    /// A list or mapping.
    Group(usize),
}

impl Default for Value {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// A list or mapping.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) mapping: bool,
    pub(super) bracketed: bool,
    /// The offset of the end of its brackets.
    pub(super) end: usize,
    /// The entry whose value it is.
    pub(super) owner: Option<usize>,
    pub(super) entries: Vec<usize>,
    /// Comments below its last entry.
    pub(super) below: Vec<String>,
}

/// A comment, from its `#` to the end of the line.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) at: usize,
    pub(super) text: String,
}

/// Reads a document from the parser's events; `None` if its root is neither a list nor a mapping.
pub(super) fn read<'t>(text: &'t str, events: Vec<(Event<'t>, Span)>) -> Option<Page<'t>> {
    let mut reader = PageReader {
        page: Page {
            text,
            entries: Vec::new(),
            groups: Vec::new(),
            comments: Vec::new(),
            lines: std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        },
        open: Vec::new(),
        anchors: Vec::new(),
        anchored: None,
        documents: 0,
    };
    for (event, place) in events {
        let start = place.start.byte_offset()?;
        let end = place.end.byte_offset()?;
        reader.take(event, start, end)?;
    }
    (!reader.page.groups.is_empty()).then_some(reader.page)
}

/// A comment in which a CI system finds no command when the file is printed: a blank keeps the two hashes from the bracket.
fn disarmed(comment: &str) -> String {
    let mut text = comment.to_owned();
    for at in commands(comment).into_iter().rev() {
        text.insert(at + 1, ' ');
    }
    text
}

struct PageReader<'t> {
    page: Page<'t>,
    /// The open groups, each with the key whose value is still to come.
    open: Vec<(usize, Option<(String, usize)>)>,
    /// The names of anchors by their number.
    anchors: Vec<(usize, String)>,
    /// The entry that a following anchor names.
    anchored: Option<usize>,
    documents: usize,
}

impl<'t> PageReader<'t> {
    fn take(&mut self, event: Event<'t>, start: usize, end: usize) -> Option<()> {
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            // A line of dashes at the end begins an empty document.
            Event::Scalar(..) if self.documents > 1 => {}
            Event::Scalar(value, style, _, tag) => {
                let text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let plain = style == ScalarStyle::Plain && !text && resolve(&value) != Core::Text;
                // The parser reports `~` for an empty scalar.
                let written = if plain && start == end {
                    String::new()
                } else {
                    value.to_string()
                };
                self.scalar(if plain { written } else { scalar(&value) }, start);
            }
            Event::Alias(number) => {
                let (_, name) = self.anchors.iter().rev().find(|(known, _)| *known == number)?;
                self.scalar(format!("*{name}"), start);
            }
            Event::Anchor(number, name) => {
                self.anchors.push((number, name.to_string()));
                let entry = self.anchored.and_then(|at| self.page.entries.get_mut(at))?;
                entry.anchor = Some(name.to_string());
            }
            Event::SequenceStart(..) => self.begin(false, start, start < end),
            Event::MappingStart(..) => self.begin(true, start, start < end),
            Event::SequenceEnd | Event::MappingEnd => {
                let (group, _) = self.open.pop()?;
                self.page.groups[group].end = end;
            }
            Event::Comment(text, _) => self.page.comments.push(Comment {
                at: start,
                text: disarmed(&format!("#{}", text.trim_end())),
            }),
            _ => {}
        }
        Some(())
    }

    fn scalar(&mut self, text: String, start: usize) {
        if let Some((group, key)) = self.open.last_mut()
            && self.page.groups[*group].mapping
            && key.is_none()
        {
            *key = Some((text, start));
            self.anchored = None;
            return;
        }
        self.entry(Value::Text(text), start);
    }

    fn begin(&mut self, mapping: bool, start: usize, bracketed: bool) {
        let group = self.page.groups.len();
        let owner = self.entry(Value::Group(group), start);
        self.page.groups.push(Group {
            mapping,
            bracketed,
            end: start,
            owner,
            entries: Vec::new(),
            below: Vec::new(),
        });
        self.open.push((group, None));
    }

    /// Takes a value in as an entry of the innermost open group.
    fn entry(&mut self, value: Value, start: usize) -> Option<usize> {
        let (group, key) = self.open.last_mut()?;
        let (key, start) = match key.take() {
            Some((key, start)) => (Some(key), start),
            None => (None, start),
        };
        let at = self.page.entries.len();
        self.page.entries.push(Entry {
            key,
            value,
            start,
            group: *group,
            ..Entry::default()
        });
        self.page.groups[*group].entries.push(at);
        self.anchored = Some(at);
        Some(at)
    }
}

impl Page<'_> {
    /// The column, from 0, of the line on which a place is, up to the first thing on it.
    pub(super) fn indent(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        line.len() - line.trim_start_matches(' ').len()
    }

    /// The beginning of the line at an offset.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.lines[self.lines.partition_point(|start| *start <= at) - 1]
    }

    /// True if the line above a place is blank.
    pub(super) fn is_below_blank(&self, at: usize) -> bool {
        let line = self.lines.partition_point(|start| *start <= at) - 1;
        line > 0
            && self.text[self.lines[line - 1]..self.lines[line]]
                .trim()
                .is_empty()
    }
}
