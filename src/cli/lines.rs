//! Standard error as lines of JSON: each message one object, of the same shape as the log's.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use anstream::adapter::strip_str;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::Level;

use crate::diag::is_hidden;
use crate::report::FailureReport;

/// A line, as the log writes its own.
#[derive(Serialize)]
struct Line {
    timestamp: String,
    level: &'static str,
    fields: Value,
    target: &'static str,
    /// The target that it is about, where several are worked on.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Value>,
}

/// Tells a message for people, without its colours.
pub(super) fn tell(level: Level, text: &str, of: Option<&str>) {
    let message = strip_str(text.trim_end()).to_string();
    tell_fields(level, json!({ "message": message }), of);
}

/// Tells a message with all that belongs to it, under the key that holds the message itself.
pub(super) fn tell_of(level: Level, message: &str, with: &impl Serialize, of: Option<&str>) {
    let with = match serde_json::to_value(with) {
        Ok(Value::Object(with)) => with,
        _ => Map::new(),
    };
    let is_told = |(_, value): &(String, Value)| !matches!(value, Value::Null) && *value != json!([]);
    let mut fields = Map::from_iter([("message".to_owned(), message.into())]);
    fields.extend(with.into_iter().filter(is_told));
    tell_fields(level, fields.into(), of);
}

/// Tells why a command came to no result, without findings about files, which have lines of their own, and without a plan,
/// which may be of any size.
pub(super) fn complain(report: &FailureReport, of: Option<&str>) {
    let FailureReport {
        exit_code,
        causes,
        hints,
        differences,
        ..
    } = report;
    let rest =
        json!({ "exit_code": exit_code, "causes": causes, "hints": hints, "differences": differences });
    tell_of(Level::ERROR, &report.error, &rest, of);
}

fn tell_fields(level: Level, fields: Value, of: Option<&str>) {
    let line = Line {
        timestamp: format!("{:.6}", jiff::Timestamp::now()),
        level: level.as_str(),
        fields,
        target: "stocktake",
        span: of.map(|target| json!({ "target": target, "name": "of" })),
    };
    let Ok(text) = serde_json::to_string(&line) else {
        return;
    };
    // When nobody hears it there is nobody to tell.
    let _ = Spelt(io::stderr().lock()).write_all((text + "\n").as_bytes());
}

/// Passes lines of JSON on, with what a terminal would obey or a reader could not see spelt out: outside of texts, JSON has
/// no such character.
pub(super) struct Spelt<W>(pub W);

impl<W: Write> Write for Spelt<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(spelt(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn spelt(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c != '\n' && is_hidden(c);
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Spelt, Write, json};

    #[test]
    fn hidden_characters_are_spelt_out_and_mean_the_same() {
        let text = json!({ "message": "a\u{7f}\u{9b}b\u{202e}\u{e0041}ü\u{1b}" }).to_string();
        let mut out = Vec::new();
        writeln!(Spelt(&mut out), "{text}").unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(
            out,
            "{\"message\":\"a\\u007f\\u009bb\\u202e\\udb40\\udc41ü\\u001b\"}\n"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&out)
                .unwrap()
                .to_string(),
            text
        );
    }
}
