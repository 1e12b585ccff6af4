//! The characters that a reader does not see: invisible ones, controls, and marks that reorder a text.

/// Characters without ASCII that show nothing of themselves or change how others are shown, first and last of each range:
/// Unicode's `Default_Ignorable_Code_Point`, the separators of lines, and what annotates other text; but not what asks for a
/// sign as a picture or as a letter, which ordinary texts have.
const HIDDEN: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0d}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// True for characters that are invisible, control the terminal, or change the order of the text.
pub fn is_hidden(c: char) -> bool {
    // Nearly every character is one of these.
    if matches!(c, ' '..='~') {
        return false;
    }
    let at = HIDDEN.partition_point(|(_, last)| *last < c);
    c.is_control() || HIDDEN.get(at).is_some_and(|(first, _)| *first <= c)
}

/// True for a text of ASCII without controls other than tabs and line breaks, as nearly every text is: nothing in it is hidden.
/// Looks at every byte, which the compiler does sixteen at a time.
pub(crate) fn is_plain_ascii(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    text.bytes().fold(true, |all, byte| all & plain(byte))
}
