//! The lines of a file around some labels, ready to be shown: clipped, with nothing hidden and no secret in them.

use std::ops::Range;

use super::commands::commands;
use super::diagnostic::Label;
use super::files::InputFiles;
use super::hidden_chars::is_hidden;
use super::place::{FileId, Span};

/// Bytes of a long line shown before and after a label.
const AROUND: usize = 160;

/// Greatest distance in lines of labels shown in one piece.
pub const NEAR_LINES: u32 = 4;

/// A piece of a file.
#[derive(Debug)]
pub struct Piece<'a> {
    /// The number of the first line.
    pub first_line: u32,
    /// True if a line lacks its beginning; columns in `text` are then not those of the file.
    pub clipped: bool,
    /// The lines as they are shown.
    pub text: String,
    /// The labels in it, the first of them the most important, with their place in `text`.
    pub marks: Vec<(Range<usize>, &'a Label)>,
}

/// Cuts the pieces that show the labels, in the order of the labels.
pub fn pieces<'a>(labels: impl IntoIterator<Item = &'a Label>, files: &InputFiles) -> Vec<Piece<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for label in labels {
        let line = files.place(label.span).line;
        let near = groups
            .iter_mut()
            .find(|group| group.is_near(label.span.file, line));
        match near {
            Some(group) => group.labels.push((line, label)),
            None => groups.push(Group {
                file: label.span.file,
                labels: vec![(line, label)],
            }),
        }
    }
    groups.iter().map(|group| group.piece(files)).collect()
}

struct Group<'a> {
    file: FileId,
    labels: Vec<(u32, &'a Label)>,
}

impl<'a> Group<'a> {
    fn is_near(&self, file: FileId, line: u32) -> bool {
        let mut lines = self.labels.iter().map(|(line, _)| line);
        self.file == file && lines.all(|other| other.abs_diff(line) <= NEAR_LINES)
    }

    fn piece(&self, files: &InputFiles) -> Piece<'a> {
        let first = self.labels.iter().map(|(line, _)| *line).min().unwrap_or(1);
        let last = self.labels.iter().map(|(line, _)| *line).max().unwrap_or(first);
        let mut piece = Piece {
            first_line: first,
            clipped: false,
            text: String::new(),
            marks: Vec::new(),
        };
        for number in first..=last {
            if number > first {
                piece.text.push('\n');
            }
            let labels: Vec<_> = self.labels.iter().filter(|(line, _)| *line == number).collect();
            self.append(&mut piece, number, &labels, files);
        }
        // The order of the labels is their weight.
        let labels = || self.labels.iter().map(|(_, label)| *label);
        let weight = |label: &Label| labels().position(|other| std::ptr::eq(other, label));
        piece.marks.sort_by_key(|(_, label)| weight(label));
        piece
    }

    fn append(&self, piece: &mut Piece<'a>, number: u32, labels: &[&(u32, &'a Label)], files: &InputFiles) {
        let Some((line, start)) = files.line(self.file, number) else {
            return;
        };
        let window = window(line, start, labels.iter().map(|(_, label)| label.span));
        let end = start as usize + line.len();
        let near = |span: &&Span| span.start as usize <= end && span.end >= start;
        let secret: Vec<&Span> = files.concealed(self.file).filter(near).collect();
        let mut marks: Vec<(Range<usize>, &Label)> = Vec::new();
        for (_, label) in labels {
            marks.push((usize::MAX..usize::MAX, label));
        }
        if window.start > 0 {
            piece.text.push('…');
            piece.clipped = true;
        }
        let part = &line[window.clone()];
        let commands = commands(part);
        for (offset, c) in part.char_indices() {
            let at = start as usize + window.start + offset;
            note(&mut marks, at, piece.text.len());
            // A number stands before each line: what counts at its start alone is harmless.
            let obeyed = c == '#' && commands.contains(&offset);
            piece.text.push(if obeyed {
                '\u{fffd}'
            } else {
                cleaned(c, at, &secret)
            });
        }
        note_rest(&mut marks, piece.text.len());
        if window.end < line.len() {
            piece.text.push('…');
        }
        piece.marks.append(&mut marks);
    }
}

/// Notes for the marks that begin or end at this byte of the file where that is in the shown text.
fn note(marks: &mut [(Range<usize>, &Label)], at: usize, shown: usize) {
    for (range, label) in marks {
        if range.start == usize::MAX && label.span.start as usize <= at {
            range.start = shown;
        }
        if range.end == usize::MAX && label.span.end as usize <= at {
            range.end = shown;
        }
    }
}

fn note_rest(marks: &mut [(Range<usize>, &Label)], shown: usize) {
    for (range, _) in marks {
        range.start = range.start.min(shown);
        range.end = range.end.min(shown).max(range.start);
    }
}

/// The part of a line that is shown.
fn window(line: &str, start: u32, spans: impl Iterator<Item = Span>) -> Range<usize> {
    let mut from = line.len();
    let mut to = 0;
    for span in spans {
        let begin = (span.start.saturating_sub(start) as usize).min(line.len());
        let end = (span.end.saturating_sub(start) as usize)
            .clamp(begin, begin + AROUND)
            .min(line.len());
        from = from.min(begin);
        to = to.max(end);
    }
    if from > to {
        // No label stands in this line.
        (from, to) = (0, 0);
    }
    let from = line.floor_char_boundary(from.saturating_sub(AROUND));
    let to = line.ceil_char_boundary((to + AROUND).min(from + 4 * AROUND).min(line.len()));
    from..to
}

fn cleaned(c: char, at: usize, secret: &[&Span]) -> char {
    let inside = |span: &&Span| (span.start as usize..span.end as usize).contains(&at);
    if c != ' ' && secret.iter().any(inside) {
        '*'
    } else if c != '\t' && is_hidden(c) {
        '\u{fffd}'
    } else {
        c
    }
}
