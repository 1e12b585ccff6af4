//! Escapes output: hidden characters, and sequences that a terminal or a CI system would obey.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::commands::{colour, commands};
use super::hidden_chars::is_hidden;
use super::shown::{replaced, spell};

/// Escapes text for people: writes hidden characters and commands of CI systems as `\u{…}`. Line breaks, tabs and
/// stocktake's own colours stay.
pub fn escape_text(text: &str) -> Cow<'_, str> {
    let text = escape_hidden(text);
    match commands(&text) {
        found if found.is_empty() => text,
        found => Cow::Owned(replaced(&text, &found, spell)),
    }
}

fn escape_hidden(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| !matches!(c, '\n' | '\t') && is_hidden(c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let sequence = colour(rest);
        match sequence {
            Some(sequence) => out.push_str(sequence),
            None if hidden(c) => spell(c, &mut out),
            None => out.push(c),
        }
        rest = &rest[sequence.map_or(c.len_utf8(), str::len)..];
    }
    Cow::Owned(out)
}

/// Escapes JSON without a change of its value: writes hidden characters and commands of CI systems as `\uXXXX`. JSON
/// has them in strings only.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let hidden = json
        .char_indices()
        .filter(|(_, c)| *c != '\n' && is_hidden(*c))
        .map(|(at, _)| at);
    let mut found: Vec<usize> = hidden.chain(commands(json)).collect();
    if found.is_empty() {
        return Cow::Borrowed(json);
    }
    found.sort_unstable();
    Cow::Owned(replaced(json, &found, |c, out| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }))
}

/// A value as indented JSON with a line break at its end, escaped as [`escape_json`] does.
pub fn json_text(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| escape_json(&text).into_owned() + "\n")
}

/// A writer that escapes whole lines and passes them on.
#[derive(Debug)]
pub struct Escaped<W> {
    /// The writer that gets the lines.
    pub to: W,
    /// The escape function.
    pub by: fn(&str) -> Cow<'_, str>,
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.to.write_all((self.by)(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Escaped, Write, escape_json, escape_text};

    #[test]
    fn what_is_printed_commands_nothing_and_hides_nothing() {
        assert_eq!(
            escape_text("\u{1b}[1mEurope\u{1b}[0m\t##[error]\u{1b}[2J\r::x\n  ::notice::y\u{85}"),
            "\u{1b}[1mEurope\u{1b}[0m\t#\\u{23}[error]\\u{1b}[2J\\u{d}::x\n  \\u{3a}:notice::y\\u{85}"
        );
        assert_eq!(escape_text("Zürich 倉庫 #2 [a]"), "Zürich 倉庫 #2 [a]");
    }

    #[test]
    fn json_is_escaped_and_means_the_same() {
        let value = json!({ "##[a]": "a\u{7f}\u{9b}b\u{202e}\u{2028}\u{e0041}ü\u{1b}##vso[x" });
        for text in [value.to_string(), format!("{value:#}")] {
            let escaped = escape_json(&text);
            assert!(
                escaped.contains("\"#\\u0023[a]\"")
                    && escaped.contains("a\\u007f\\u009bb\\u202e\\u2028\\udb40\\udc41ü\\u001b#\\u0023vso[x"),
                "{escaped}"
            );
            assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), value);
        }
    }

    #[test]
    fn lines_are_escaped_on_their_way() {
        let mut out = Vec::new();
        let mut to = Escaped {
            to: &mut out,
            by: escape_text,
        };
        to.write_all(b"::error::\n").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\\u{3a}:error::\n");
    }
}
