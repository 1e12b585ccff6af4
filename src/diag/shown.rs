//! How texts from outside are shown: what a terminal would act upon or a reader could not see is made visible.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The longest text that a message quotes.
const QUOTED_CHARS: usize = 80;

/// Whether a character shows nothing of itself, or acts upon the terminal or the order of the text.
pub fn is_hidden(c: char) -> bool {
    // Nearly every character is one of these.
    if matches!(c, ' '..='~') {
        return false;
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text as a message may quote it: hidden characters as `\u{…}`, and no longer than a line can hold.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    }
}

/// The text with its hidden characters as `\u{…}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
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
        assert_eq!(shown("Zürich 倉庫"), "Zürich 倉庫");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 81);
    }
}
