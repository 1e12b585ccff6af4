//! A merge that stopped at a conflict leaves its markers in the file; what stands between them is nobody's wish.

use super::rules::MERGE_CONFLICT;
use crate::diag::{Diagnostic, Span};

/// How git, and other tools like it, begin the lines of a conflict; a repository may have longer marks.
const LENGTH: usize = 7;

/// The first conflict of a text whose merge was not ended.
pub(super) fn conflict(text: &str, span: impl Fn(usize, usize) -> Span) -> Option<Diagnostic> {
    let mut lines = text.split_inclusive('\n').scan(0, |offset, line| {
        let start = *offset;
        *offset += line.len();
        Some((start, line.trim_end()))
    });
    let (begin, first) = lines.find(|(_, line)| ['<', '>', '|'].iter().any(|c| is_marker(line, *c)))?;
    let begins = is_marker(first, '<');
    let mut found = MERGE_CONFLICT.at(
        span(begin, begin + first.len()),
        if begins {
            "a merge conflict begins here"
        } else {
            "a mark of a merge conflict was left here"
        },
    );
    if begins {
        for (start, line) in lines {
            let place = span(start, start + line.len());
            if is_marker(line, '=') {
                found = found.related(place, "the other side begins here");
            } else if is_marker(line, '>') {
                found = found.related(place, "it ends here");
                break;
            }
        }
    }
    Some(found.help(
        "keep what is wanted of the two sides and take the marks out; `git diff --check` lists them all",
    ))
}

fn is_marker(line: &str, of: char) -> bool {
    let rest = line.trim_start_matches(of);
    line.len() - rest.len() >= LENGTH && (rest.is_empty() || rest.starts_with(' '))
}
