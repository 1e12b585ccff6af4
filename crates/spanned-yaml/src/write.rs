//! Writes texts as scalars that every YAML reader, 1.1 included, reads back unchanged.

use std::fmt::Write as _;

use super::scalar::{Core, resolve};
use crate::diag::{commands, is_hidden, is_odd_blank, visible};

/// Words that YAML 1.1 reads as booleans or nothing, in lower case; editors and older tools still do.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Writes a text as a scalar that may stand anywhere: without quotes where nobody can mistake it, in quotes elsewhere.
///
/// ```
/// assert_eq!(spanned_yaml::scalar("Europe Stock"), "Europe Stock");
/// assert_eq!(spanned_yaml::scalar("no"), "\"no\"");
/// ```
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let obeyed = commands(text);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ if is_hidden(c) || looks_like_a_space(c) || obeyed.contains(&at) => escape(c, &mut out),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes a text as a comment of one line, whatever stands in it; hidden characters are spelt out.
pub fn comment(text: &str) -> String {
    let line = visible(text);
    match line.trim_end() {
        "" => "#".to_owned(),
        line => format!("# {line}"),
    }
}

/// The wide blank of Chinese, Japanese and Korean texts is seen as what it is.
fn looks_like_a_space(c: char) -> bool {
    is_odd_blank(c) && c != '\u{3000}'
}

fn is_plain(text: &str) -> bool {
    let begins = match text.chars().next() {
        // Numbers, dates and times begin with a digit too, but have none of these letters.
        Some('0'..='9') => text.contains(|c: char| matches!(c.to_ascii_lowercase(), 'g'..='n' | 'p'..='w')),
        first => first.is_some_and(char::is_alphabetic),
    };
    begins
        && !text.ends_with(' ')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || " _-./()+&'".contains(c))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && resolve(text) == Core::Text
}

fn escape(c: char, out: &mut String) {
    let number = u32::from(c);
    // Writing to a String cannot fail.
    let _ = match number {
        0..=0xFF => write!(out, "\\x{number:02x}"),
        0x100..=0xFFFF => write!(out, "\\u{number:04x}"),
        _ => write!(out, "\\U{number:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::{comment, scalar};

    #[test]
    fn what_could_be_mistaken_is_quoted() {
        for text in ["ne_wh", "3pl_east", "Zürich (Süd) + Nord", "O'Hare", "倉庫"] {
            assert_eq!(scalar(text), text);
        }
        for text in [
            "",
            " ",
            "a ",
            " a",
            "-",
            "- a",
            "no",
            "Off",
            "NULL",
            "~",
            "12",
            "1e3",
            "0x1F",
            "1_000",
            "2024-01-01",
            "12:30",
            "a: b",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "[a",
            "a, b",
            "{a",
            "'a",
            "@a",
            "%a",
            "|",
            ">",
            "?",
            "=",
            "<<",
        ] {
            assert_eq!(scalar(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn what_nobody_sees_is_escaped() {
        assert_eq!(
            scalar("a\"\\\n\u{7f}\u{202e}\u{e0001}"),
            r#""a\"\\\x0a\x7f\u202e\U000e0001""#
        );
        assert_eq!(comment("a\nb\u{202e} "), "# a\\u{a}b\\u{202e}");
        assert_eq!(
            scalar("Europe\u{a0}Stock\u{2003}倉\u{3000}庫"),
            "\"Europe\\xa0Stock\\u2003倉\u{3000}庫\""
        );
        assert_eq!(scalar("::a##[b]"), r#""\x3a:a#\x23[b]""#);
        assert_eq!(comment("a##[b]"), "# a#\\u{23}[b]");
        assert_eq!(comment(""), "#");
    }
}
