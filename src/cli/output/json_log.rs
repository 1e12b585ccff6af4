//! Writes messages on standard error as lines of JSON, in the shape of the log.

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
    /// The target, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Value>,
}

/// Writes a message for people, without colours.
pub(crate) fn write(level: Level, text: &str, of: Option<&str>) {
    let message = strip_str(text.trim_end()).to_string();
    write_fields(level, json!({ "message": message }), of);
}

/// Writes a message with further fields.
pub(crate) fn write_with(level: Level, message: &str, with: &impl Serialize, of: Option<&str>) {
    let with = match serde_json::to_value(with) {
        Ok(Value::Object(with)) => with,
        _ => Map::new(),
    };
    let is_present = |(_, value): &(String, Value)| !matches!(value, Value::Null) && *value != json!([]);
    let mut fields = Map::from_iter([("message".to_owned(), message.into())]);
    fields.extend(with.into_iter().filter(is_present));
    write_fields(level, fields.into(), of);
}

/// Writes a failure, without findings about files, which have their own lines, and without a plan, which may be large.
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
    write_with(Level::ERROR, &report.error, &rest, of);
}

fn write_fields(level: Level, fields: Value, of: Option<&str>) {
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
    // A closed standard error is no failure.
    let _ = to.write_all((text + "\n").as_bytes());
}
