//! Makes outside text safe to show: spells out hidden characters and commands to terminals or CI systems.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::commands::commands;
use super::hidden_chars::is_hidden;

/// The longest text that a message quotes.
const QUOTED_CHARS: usize = 80;

/// The text as a message may quote it: hidden characters as `\u{…}`, and no longer than a line can hold.
pub fn shown(text: &str) -> String {
    if text.len() <= QUOTED_CHARS {
        return visible(text).into_owned();
    }
    match text.char_indices().nth(QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    }
}

/// The text with its hidden characters, and what a CI system would obey, as `\u{…}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_word(text) {
        return Cow::Borrowed(text);
    }
    let hidden = text.char_indices().filter(|(_, c)| is_hidden(*c));
    let hidden: Vec<usize> = hidden.map(|(at, _)| at).collect();
    let text = if hidden.is_empty() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(replaced(text, &hidden, spell))
    };
    match commands(&text) {
        found if found.is_empty() => text,
        found => Cow::Owned(replaced(&text, &found, spell)),
    }
}

/// True for letters, digits and the marks that names are made of: such a text hides and commands nothing, and nearly every one is
/// such a text.
fn is_word(text: &str) -> bool {
    let word = |byte: u8| matches!(byte, b' '..=b'"' | b'$'..=b'9' | b';'..=b'~');
    text.bytes().fold(true, |all, byte| all & word(byte))
}

/// Writes a character as `\u{…}`.
pub(super) fn spell(c: char, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// The text with the characters that begin at those bytes, given in order, written by a function.
pub(super) fn replaced(text: &str, at: &[usize], write: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 8 * at.len());
    let mut done = 0;
    for at in at {
        out.push_str(&text[done..*at]);
        done = *at;
        if let Some(c) = text[done..].chars().next() {
            write(c, &mut out);
            done += c.len_utf8();
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_a_terminal_would_obey_is_spelt_out() {
        assert_eq!(
            shown("a\u{1b}[31mb\u{202e}\u{9b}"),
            "a\\u{1b}[31mb\\u{202e}\\u{9b}"
        );
        assert_eq!(shown("Zürich 倉庫 ☂"), "Zürich 倉庫 ☂");
        assert_eq!(
            shown("a\u{115f}\u{fe01}\u{e0041}⚠️"),
            "a\\u{115f}\\u{fe01}\\u{e0041}⚠️"
        );
    }

    #[test]
    fn what_a_ci_system_would_obey_is_spelt_out() {
        assert_eq!(shown("x##[add-mask]y"), "x#\\u{23}[add-mask]y");
        assert_eq!(shown(" ::error::y"), " \\u{3a}:error::y");
        assert_eq!(shown("a::b"), "a::b");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 81);
    }
}
