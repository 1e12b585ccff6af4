//! Index of line starts: finds line and column without reading the whole text again.

use std::ops::Range;

use super::place::small;

/// Of so many lines one is remembered; those between are counted. A text of nothing but line breaks then takes no multiple
/// of its own memory.
const STRIDE: usize = 16;

/// The beginnings of a text's lines, as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// Those of every sixteenth line.
    starts: Vec<u32>,
}

impl Lines {
    /// Finds the lines of a text; in one that is too long for spans to point into, none is remembered but the first.
    pub fn of(text: &str) -> Self {
        if u32::try_from(text.len()).is_err() {
            return Self { starts: vec![0] };
        }
        let after_breaks = text.match_indices('\n').map(|(at, _)| small(at + 1));
        let starts = std::iter::once(0).chain(after_breaks);
        Self {
            starts: starts.step_by(STRIDE).collect(),
        }
    }

    /// Line and column of a byte, both from 1, the column in characters; a byte order mark is none.
    pub fn position(&self, text: &str, offset: u32) -> (u32, u32) {
        let known = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let mut start = self.starts[known] as usize;
        let mut line = known * STRIDE + 1;
        let end = (offset as usize).min(text.len()).max(start);
        let bytes = text.as_bytes();
        while let Some(at) = bytes[start..end].iter().position(|byte| *byte == b'\n') {
            start += at + 1;
            line += 1;
        }
        let before = String::from_utf8_lossy(&bytes[start..end]);
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        (small(line), small(column))
    }

    /// The bytes of a line (from 1), without its line break.
    pub fn range(&self, text: &str, line: u32) -> Option<Range<usize>> {
        let index = (line as usize).checked_sub(1)?;
        let mut start = *self.starts.get(index / STRIDE)? as usize;
        for _ in 0..index % STRIDE {
            start += text.get(start..)?.find('\n')? + 1;
        }
        let rest = text.get(start..)?;
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        Some(start..start + line.strip_suffix('\r').unwrap_or(line).len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, STRIDE};

    #[test]
    fn lines_between_those_that_are_remembered_are_found_too() {
        for break_at_end in ["", "\n"] {
            let lines: Vec<String> = (0..3 * STRIDE + 2).map(|number| "ä".repeat(number % 5)).collect();
            let text = lines.join("\n") + break_at_end;
            let found = Lines::of(&text);
            let mut start = 0;
            for (number, line) in (1..).zip(&lines) {
                assert_eq!(
                    found.range(&text, number),
                    Some(start..start + line.len()),
                    "{number}"
                );
                let offset = u32::try_from(start + line.len()).unwrap();
                let column = u32::try_from(line.chars().count() + 1).unwrap();
                assert_eq!(found.position(&text, offset), (number, column));
                start += line.len() + 1;
            }
            let after = u32::try_from(lines.len() + 1).unwrap();
            assert_eq!(found.range(&text, after).is_some(), !break_at_end.is_empty());
            assert_eq!(found.range(&text, after + 1), None);
        }
    }

    #[test]
    fn columns_count_characters() {
        let text = "\u{feff}aä\r\nbü x\n";
        let lines = Lines::of(text);
        assert_eq!(lines.position(text, 3), (1, 1));
        assert_eq!(lines.position(text, 6), (1, 3));
        assert_eq!(lines.position(text, 12), (2, 4));
        assert_eq!(lines.position(text, 14), (3, 1));
        assert_eq!(lines.position(text, 900), (3, 1));
        assert_eq!(lines.range(text, 2), Some(8..13));
        assert_eq!(lines.range(text, 1), Some(0..6));
        assert_eq!(lines.range(text, 4), None);
    }
}
