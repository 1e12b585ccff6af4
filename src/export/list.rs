//! Rewrites a list in a file with the fewest edits, in its own form.

use std::ops::Range;

use spanned_yaml::diag::Span;
use spanned_yaml::{Edit, Node, edited, line_break};

use super::arrange::Placement;
use super::edit_error::EditError;
use super::entries::Entry;
use super::lines;
use crate::spec::emit::WIDTH;

/// A list in a file, and its wanted entries.
pub(super) struct Rewrite<'a> {
    /// The file's text.
    pub(super) text: &'a str,
    /// The key of the list.
    pub(super) key: Node<'a>,
    /// The list.
    pub(super) list: Node<'a>,
    /// Its entries.
    pub(super) entries: &'a [Entry],
    /// The entries that stay, move and are inserted.
    pub(super) placed: &'a [Placement],
    /// The texts of entries that come, by their place in the wanted list.
    pub(super) new: &'a [String],
    /// Edits within old entries, by their place.
    pub(super) within: &'a [Option<Edit>],
}

impl Rewrite<'_> {
    /// The edits from the list to the wanted one.
    pub(super) fn edits(&self) -> Result<Vec<Edit>, EditError> {
        let bracketed = self.list.is_bracketed();
        let lines = lines::read(self.text, self.entries, bracketed);
        match lines.filter(|_| !self.entries.is_empty()) {
            Some(_) if !bracketed && self.placed.is_empty() => self.emptied(),
            Some(lines) => {
                let mut edits = lines.edits(self.placed, |at| self.new[at].clone());
                edits.extend(self.staying());
                Ok(edits)
            }
            None if bracketed && !self.has_comments() => {
                let filled = self.filled();
                let wide = self.width_with(&filled) > WIDTH;
                let lines = wide.then(|| self.unfolded()).flatten();
                Ok(lines.unwrap_or_else(|| vec![filled]))
            }
            None => Err(EditError::new(
                self.list.head(),
                "entries share their lines with something else than a comment",
            )),
        }
    }

    fn staying(&self) -> impl Iterator<Item = Edit> {
        self.placed.iter().filter_map(|placed| match placed {
            Placement::Keep(at) => self.within[*at].clone(),
            Placement::Move(_) | Placement::Insert(_) => None,
        })
    }

    /// A list of lines without entries needs brackets, behind its key.
    fn emptied(&self) -> Result<Vec<Edit>, EditError> {
        let key = self.key.extent();
        let error = || EditError::new(key, "something stands between this key and its list");
        let behind = &self.text[key.end as usize..];
        let gap = behind
            .find(':')
            .filter(|at| behind[..*at].trim().is_empty())
            .ok_or_else(error)?;
        let rest = behind[gap + 1..].split('\n').next().unwrap_or_default().trim();
        if !(rest.is_empty() || rest.starts_with('#')) {
            return Err(error());
        }
        let lines = lines::read(self.text, self.entries, false).ok_or_else(error)?;
        let mut edits = lines.edits(&[], |_| String::new());
        edits.push(Edit::insertion(key.file, key.end as usize + gap + 1, " []"));
        Ok(edits)
    }

    /// The width of the line on which the list begins, once it is edited; 0 for a list of several lines.
    fn width_with(&self, edit: &Edit) -> usize {
        let Range { start, end } = self.list.extent().range();
        if self.text[start..end].contains('\n') {
            return 0;
        }
        let before = &self.text[lines::line_start(self.text, start)..edit.span.start as usize];
        let behind = &self.text[edit.span.end as usize..end];
        let parts = [before, edit.text.as_str(), behind].into_iter();
        parts.map(|part| part.chars().count()).sum()
    }

    /// A list in brackets as one with an entry a line, where it stands alone behind its key.
    fn unfolded(&self) -> Option<Vec<Edit>> {
        let (key, list) = (self.key.extent(), self.list.extent());
        let Range { start, end } = list.range();
        let line = lines::line_start(self.text, start)..lines::line_end(self.text, end);
        let indent = key.start as usize - line.start;
        let before = self.text[line.start..key.start as usize].trim_start_matches(' ');
        let between = self.text.get(key.end as usize..start)?;
        let behind = self.text[end..line.end].trim();
        // After a dash the key stands in a block as well; in braces something else stands before or behind.
        let alone = before.chars().all(|c| c == '-' || c == ' ')
            && between.trim_end() == ":"
            && (behind.is_empty() || behind.starts_with('#'));
        if !alone {
            return None;
        }
        let line_break = line_break(self.text);
        let mut out = lines::unfinished(&self.text[..line.end], line_break).to_owned();
        for placed in self.placed {
            out.extend([&" ".repeat(indent + 2), "- ", &self.text_of(*placed), line_break]);
        }
        let brackets = Span::new(list.file, key.end as usize + 1, end);
        let lines = Edit::insertion(list.file, line.end, out);
        Some(vec![Edit::removal(brackets), lines])
    }

    fn has_comments(&self) -> bool {
        let Range { start: mut from, end } = self.list.extent().range();
        let entries = self.entries.iter().map(|entry| entry.span.range());
        entries.chain(std::iter::once(end..end)).any(|entry| {
            let gap = self.text.get(from..entry.start).unwrap_or_default();
            from = entry.end;
            gap.contains('#')
        })
    }

    /// The entries anew between the brackets; a list of several lines is filled as wide as lines may be.
    fn filled(&self) -> Edit {
        let mut span = self.list.extent();
        (span.start, span.end) = (span.start + 1, span.end - 1);
        if let (Some(first), Some(last), false) =
            (self.entries.first(), self.entries.last(), self.placed.is_empty())
        {
            (span.start, span.end) = (first.span.start, last.span.end);
        }
        let old = &self.text[span.range()];
        let rest = old.split_once('\n').map(|(_, rest)| rest);
        let indent = rest.map(|rest| &rest[..rest.len() - rest.trim_start().len()]);
        let start = span.start as usize;
        let before = &self.text[lines::line_start(self.text, start)..start];
        let mut column = before.chars().count();
        let mut out = String::new();
        for (at, placed) in self.placed.iter().enumerate() {
            let text = self.text_of(*placed);
            let width = text.chars().count();
            match indent {
                Some(indent) if at > 0 && column + 2 + width > WIDTH => {
                    out.extend([",", line_break(self.text), indent]);
                    column = indent.len();
                }
                _ if at > 0 => {
                    out.push_str(", ");
                    column += 2;
                }
                _ => {}
            }
            out.push_str(&text);
            column += width;
        }
        Edit { span, text: out }
    }

    fn text_of(&self, placed: Placement) -> String {
        let at = match placed {
            Placement::Insert(at) => return self.new[at].clone(),
            Placement::Keep(at) | Placement::Move(at) => at,
        };
        let Span { start, .. } = self.entries[at].span;
        let old = &self.text[self.entries[at].span.range()];
        let Some(within) = &self.within[at] else {
            return old.to_owned();
        };
        let mut within = within.clone();
        (within.span.start, within.span.end) = (within.span.start - start, within.span.end - start);
        edited(old, vec![within]).unwrap_or_else(|| old.to_owned())
    }
}
