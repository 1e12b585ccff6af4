//! Finds the marks of an unresolved merge conflict.

use super::rules::MERGE_CONFLICT;
use crate::diag::{Diagnostic, FileId, Span};

/// Length of a conflict mark of git and similar tools; a repository may configure longer marks.
const LENGTH: usize = 7;

/// The first conflict of a text whose merge was not ended.
pub(super) fn conflict(text: &str, file: FileId) -> Option<Diagnostic> {
    // Nearly no file has these characters, and one look at its bytes costs less than one at its lines.
    let may_mark = |byte: u8| matches!(byte, b'<' | b'>' | b'|');
    if !text.bytes().fold(false, |any, byte| any | may_mark(byte)) {
        return None;
    }
    let mut lines = text.split_inclusive('\n').scan(0, |offset, line| {
        let start = *offset;
        *offset += line.len();
        Some((start, line.trim_end()))
    });
    let (begin, first) = lines.find(|(_, line)| ['<', '>', '|'].iter().any(|c| is_marker(line, *c)))?;
    let begins = is_marker(first, '<');
    let message = if begins {
        "a merge conflict begins here"
    } else {
        "a mark of a merge conflict was left here"
    };
    let mut found = MERGE_CONFLICT.at(Span::new(file, begin, begin + first.len()), message);
    if begins {
        let mut is_divided = false;
        for (start, line) in lines {
            let place = Span::new(file, start, start + line.len());
            // A file may consist of marks: each kind is reported once.
            if !is_divided && is_marker(line, '=') {
                is_divided = true;
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

#[cfg(test)]
mod tests {
    use super::conflict;
    use crate::diag::FileId;

    #[test]
    fn a_file_of_nothing_but_marks_has_three_places() {
        let text = format!("<<<<<<< a\n{}>>>>>>> b\n", "=======\n".repeat(9));
        let found = conflict(&text, FileId(0)).unwrap();
        let places: Vec<u32> = found.related.iter().map(|label| label.span.start).collect();
        assert_eq!(places, [10, 82]);
    }
}
