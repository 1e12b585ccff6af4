//! Small edits of a text at places: everything else stays byte for byte.

use std::ops::Range;

use crate::diag::{FileId, Span};

/// Replaces a part of a text; an empty part inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The part.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// Removes a part.
    pub fn removal(span: Span) -> Self {
        Self {
            span,
            text: String::new(),
        }
    }

    /// Inserts at a place.
    pub fn insertion(file: FileId, at: usize, text: impl Into<String>) -> Self {
        Self {
            span: Span::new(file, at, at),
            text: text.into(),
        }
    }
}

/// Applies all edits; edits at one place keep the given order.
///
/// `None` when two edits overlap or one is not within the text.
pub fn edited(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|edit| edit.span.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in &edits {
        let Range { start, end } = edit.span.range();
        if start < done {
            return None;
        }
        out.push_str(text.get(done..start)?);
        out.push_str(&edit.text);
        text.get(start..end)?;
        done = end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The line break that a text uses.
pub fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, FileId, Span, edited};

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        let (span, text) = (Span::new(FileId(0), start, end), text.to_owned());
        Edit { span, text }
    }

    #[test]
    fn what_is_not_edited_stays() {
        let edits = vec![edit(6, 7, "ü"), edit(0, 0, "1"), edit(0, 0, "2"), edit(2, 4, "")];
        assert_eq!(edited("abcdefgh", edits).as_deref(), Some("12abefüh"));
        assert_eq!(edited("a\r\n", Vec::new()).as_deref(), Some("a\r\n"));
    }

    #[test]
    fn edits_that_make_no_sense_are_none() {
        assert_eq!(edited("abc", vec![edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(edited("abc", vec![edit(2, 9, "")]), None);
        assert_eq!(edited("é", vec![edit(1, 1, "x")]), None);
    }
}
