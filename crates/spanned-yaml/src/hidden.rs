//! Warns of hidden characters in comments, which can mislead a reviewer.

use super::rules::HIDDEN_CHARACTER;
use super::tree::Tree;
use crate::diag::{Findings, Span, code_point, is_hidden, is_plain_ascii};

/// Joins pictures to one, as ordinary texts have it.
const JOINER: char = '\u{200d}';

/// Warns of each line in which a hidden character stands outside of values; what those may hold is for their readers to say.
pub(super) fn warn(tree: &Tree<'_>, findings: &mut Findings) {
    if is_plain_ascii(tree.text) {
        return;
    }
    let mut start = 0;
    for line in tree.text.split_inclusive('\n') {
        if let Some((at, c)) = hidden(tree, start, line) {
            let at = start + at;
            let span = Span::new(tree.file, at, at + c.len_utf8());
            let message = format!("{} stands in this comment, where nobody sees it", code_point(c));
            let found = HIDDEN_CHARACTER.at(span, message);
            findings.push(found.help("remove it: the line may read otherwise than it is written"));
        }
        start += line.len();
    }
}

fn hidden(tree: &Tree<'_>, start: usize, line: &str) -> Option<(usize, char)> {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let is_picture = !before.is_ascii() && !before.is_alphanumeric();
        let expected = matches!(c, '\t' | '\r' | '\n')
            || (c == '\u{feff}' && start + at == 0)
            || (c == JOINER && is_picture);
        if is_hidden(c) && !expected && !tree.in_value(start + at) {
            return Some((at, c));
        }
        before = c;
    }
    None
}
