//! Edits lists with one entry per line: inserts, removes and moves whole lines, and touches no other.

use std::ops::Range;

use spanned_yaml::diag::Span;
use spanned_yaml::{Edit, line_break};

use super::arrange::Placement;
use super::entries::Entry;

/// A list with one entry a line.
pub(super) struct Lines<'a> {
    text: &'a str,
    entries: &'a [Entry],
    /// The lines of each entry, with the line break.
    ranges: Vec<Range<usize>>,
    /// True with commas behind the entries.
    bracketed: bool,
}

/// The list as lines; `None` when an entry shares a line with something else than its comment.
pub(super) fn read<'a>(text: &'a str, entries: &'a [Entry], bracketed: bool) -> Option<Lines<'a>> {
    let ranges = entries.iter().map(|entry| lines_of(text, entry.span, bracketed));
    Some(Lines {
        text,
        entries,
        ranges: ranges.collect::<Option<_>>()?,
        bracketed,
    })
}

/// The line break that the end of a text lacks.
pub(super) fn unfinished<'a>(text: &str, line_break: &'a str) -> &'a str {
    if text.ends_with('\n') { "" } else { line_break }
}

/// The beginning of the line at an offset.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The end of the line at an offset, behind its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

fn lines_of(text: &str, span: Span, bracketed: bool) -> Option<Range<usize>> {
    let Range { start, end } = span.range();
    let range = line_start(text, start)..line_end(text, end);
    let before = text.get(range.start..start)?.trim_matches(' ');
    let behind = text.get(end..range.end)?.trim();
    let behind = if bracketed {
        behind.strip_prefix(',').unwrap_or(behind).trim_start()
    } else {
        behind
    };
    let alone = before == if bracketed { "" } else { "-" };
    (alone && (behind.is_empty() || behind.starts_with('#'))).then_some(range)
}

impl Lines<'_> {
    /// The edits that bring the list to those placements; `new` gives the text of each inserted entry.
    pub(super) fn edits(&self, placed: &[Placement], new: impl Fn(usize) -> String) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut coming = Vec::new();
        let mut behind = None;
        for entry in placed {
            match *entry {
                Placement::Keep(at) => {
                    edits.extend(self.insertion(behind, &std::mem::take(&mut coming)));
                    behind = Some(at);
                }
                Placement::Move(at) => coming.push(self.moved(at)),
                Placement::Insert(at) => coming.push(self.prefix() + &new(at) + self.comma()),
            }
        }
        edits.extend(self.insertion(behind, &coming));
        edits.extend(self.removals(placed));
        edits.extend(self.missing_comma(placed));
        edits
    }

    /// The text before each entry on its line.
    fn prefix(&self) -> String {
        let first = self.entries.first().zip(self.ranges.first());
        first.map_or_else(String::new, |(entry, range)| {
            self.text[range.start..entry.span.start as usize].to_owned()
        })
    }

    fn comma(&self) -> &'static str {
        if self.bracketed { "," } else { "" }
    }

    /// The lines of an entry, ready to stand elsewhere.
    fn moved(&self, at: usize) -> String {
        let (range, end) = (&self.ranges[at], self.entries[at].span.end as usize);
        let behind = self.text[end..range.end].trim_end();
        let behind = behind.strip_prefix(self.comma()).unwrap_or(behind);
        format!("{}{}{behind}", &self.text[range.start..end], self.comma())
    }

    fn insertion(&self, behind: Option<usize>, lines: &[String]) -> Option<Edit> {
        let line_break = line_break(self.text);
        let file = self.entries.first()?.span.file;
        if lines.is_empty() {
            return None;
        }
        let at = behind.map_or(self.ranges[0].start, |at| self.ranges[at].end);
        let joined = lines.join(line_break);
        let unfinished = behind.is_some() && !self.text[..at].ends_with('\n');
        let text = if unfinished {
            line_break.to_owned() + &joined
        } else {
            joined + line_break
        };
        Some(Edit::insertion(file, at, text))
    }

    fn removals(&self, placed: &[Placement]) -> Vec<Edit> {
        let mut still_there = vec![None; self.entries.len()];
        for entry in placed {
            match *entry {
                Placement::Keep(at) | Placement::Move(at) => still_there[at] = Some(*entry),
                Placement::Insert(_) => {}
            }
        }
        let gone = still_there
            .iter()
            .enumerate()
            .filter(|(_, still_there)| !matches!(still_there, Some(Placement::Keep(_))));
        gone.flat_map(|(at, still_there)| self.removal(at, still_there.is_some()))
            .collect()
    }

    /// Takes an entry's lines out; comments of their own line within stay, unless they have moved along.
    fn removal(&self, at: usize, moved: bool) -> Vec<Edit> {
        let (range, file) = (&self.ranges[at], self.entries[at].span.file);
        let mut edits = Vec::new();
        let mut start = range.start;
        for line in self.text[range.clone()].split_inclusive('\n') {
            let end = start + line.len();
            if moved || start == range.start || !line.trim_start().starts_with('#') {
                edits.push(Edit::removal(Span::new(file, start, end)));
            }
            start = end;
        }
        edits
    }

    /// The last entry may stand without a comma, until another comes behind it.
    fn missing_comma(&self, placed: &[Placement]) -> Option<Edit> {
        let last = self.entries.len().checked_sub(1)?;
        let Span { file, end, .. } = self.entries[last].span;
        let end = end as usize;
        let behind = self.text[end..].trim_start_matches(' ');
        let is_last = placed.last() == Some(&Placement::Keep(last));
        let needed = self.bracketed && placed.contains(&Placement::Keep(last)) && !is_last;
        (needed && !behind.starts_with(',')).then(|| Edit::insertion(file, end, ","))
    }
}
