//! Where the lines of a text begin, so that a place is found without reading the text again.

use std::ops::Range;

/// The beginnings of a text's lines, as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Finds the lines of a text; one that is too long for spans to point into counts as a single line.
    pub fn of(text: &str) -> Self {
        if u32::try_from(text.len()).is_err() {
            return Self { starts: vec![0] };
        }
        let after_breaks = text.match_indices('\n').map(|(at, _)| to_u32(at + 1));
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// Line and column of a byte, both from 1, the column in characters; a byte order mark is none.
    pub fn position(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let end = (offset as usize).min(text.len()).max(start);
        let before = String::from_utf8_lossy(&text.as_bytes()[start..end]);
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        (to_u32(line), to_u32(column))
    }

    /// The bytes of a line (from 1), without its line break.
    pub fn range(&self, text: &str, line: u32) -> Option<Range<usize>> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)? as usize;
        let end = self
            .starts
            .get(line as usize)
            .map_or(text.len(), |next| *next as usize - 1);
        let line = text.get(start..end)?;
        Some(start..start + line.strip_suffix('\r').unwrap_or(line).len())
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Lines;

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
