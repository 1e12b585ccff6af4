//! A character by its number in Unicode, for those that nobody can tell apart by looking.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

/// The names of characters that show nothing, or little, of themselves.
const NAMES: [(char, &str); 50] = [
    ('\t', "CHARACTER TABULATION"),
    (' ', "SPACE"),
    ('\u{7f}', "DELETE"),
    ('\u{85}', "NEXT LINE"),
    ('\u{a0}', "NO-BREAK SPACE"),
    ('\u{ad}', "SOFT HYPHEN"),
    ('\u{34f}', "COMBINING GRAPHEME JOINER"),
    ('\u{61c}', "ARABIC LETTER MARK"),
    ('\u{115f}', "HANGUL CHOSEONG FILLER"),
    ('\u{1160}', "HANGUL JUNGSEONG FILLER"),
    ('\u{1680}', "OGHAM SPACE MARK"),
    ('\u{180e}', "MONGOLIAN VOWEL SEPARATOR"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "THREE-PER-EM SPACE"),
    ('\u{2005}', "FOUR-PER-EM SPACE"),
    ('\u{2006}', "SIX-PER-EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200a}', "HAIR SPACE"),
    ('\u{200b}', "ZERO WIDTH SPACE"),
    ('\u{200c}', "ZERO WIDTH NON-JOINER"),
    ('\u{200d}', "ZERO WIDTH JOINER"),
    ('\u{200e}', "LEFT-TO-RIGHT MARK"),
    ('\u{200f}', "RIGHT-TO-LEFT MARK"),
    ('\u{2010}', "HYPHEN"),
    ('\u{2011}', "NON-BREAKING HYPHEN"),
    ('\u{2013}', "EN DASH"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202b}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202c}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202d}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202e}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202f}', "NARROW NO-BREAK SPACE"),
    ('\u{205f}', "MEDIUM MATHEMATICAL SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('\u{2212}', "MINUS SIGN"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{3164}', "HANGUL FILLER"),
    ('\u{fe0f}', "VARIATION SELECTOR-16"),
    ('\u{feff}', "ZERO WIDTH NO-BREAK SPACE (a byte order mark)"),
];

/// A character as `U+00A0 NO-BREAK SPACE`; a letter with its script, such as `U+0430 (Cyrillic)`.
pub fn code_point(c: char) -> String {
    let number = format!("U+{:04X}", u32::from(c));
    if let Ok(at) = NAMES.binary_search_by_key(&c, |(of, _)| *of) {
        return format!("{number} {}", NAMES[at].1);
    }
    match c.script() {
        _ if c.is_control() => format!("{number} (a control character)"),
        _ if is_combining_mark(c) => format!("{number} (a mark on the letter before it)"),
        Script::Common | Script::Inherited | Script::Unknown => number,
        script => format!("{number} ({})", script.full_name()),
    }
}

/// True for characters that look like a space, but are none to YAML or the shop.
pub fn is_odd_blank(c: char) -> bool {
    c != ' ' && !c.is_control() && c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, code_point};

    #[test]
    fn characters_are_named_or_placed() {
        assert!(NAMES.is_sorted_by_key(|(c, _)| *c));
        assert_eq!(code_point('\u{a0}'), "U+00A0 NO-BREAK SPACE");
        assert_eq!(code_point('а'), "U+0430 (Cyrillic)");
        assert_eq!(code_point('a'), "U+0061 (Latin)");
        assert_eq!(code_point('\u{301}'), "U+0301 (a mark on the letter before it)");
        assert_eq!(code_point('\u{9b}'), "U+009B (a control character)");
        assert_eq!(code_point('1'), "U+0031");
    }
}
