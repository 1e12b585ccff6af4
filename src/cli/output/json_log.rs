//! Standard error as lines of JSON: each message one object, of the same shape as the log's.

use std::io::Write;

use anstream::adapter::strip_str;
use serde::Serialize;
use serde_json::{Map, Value, json};
use spanned_yaml::diag::{Escaped, escape_json};
use tracing::Level;

use crate::cli::output::streams::Stderr;
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
pub(crate) fn tell(level: Level, text: &str, of: Option<&str>) {
    let message = strip_str(text.trim_end()).to_string();
    tell_fields(level, json!({ "message": message }), of);
}

/// Tells a message with all that belongs to it, under the key that holds the message itself.
pub(crate) fn tell_of(level: Level, message: &str, with: &impl Serialize, of: Option<&str>) {
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
pub(crate) fn complain(report: &FailureReport, of: Option<&str>) {
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
    let mut to = Escaped {
        to: Stderr,
        by: escape_json,
    };
    // When nobody hears it there is nobody to tell.
    let _ = to.write_all((text + "\n").as_bytes());
}
