//! Replays the lines of a journal into the state of a target. Pure: the same bytes always mean the same.

use serde_json::Value;

use super::entry::Line;
use super::state::State;

/// The reason why a journal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A line is neither a journal line nor the beginning of one that a crash cut off.
    #[error("damaged at line {line}")]
    Damaged {
        /// The line, from 1.
        line: usize,
    },
    /// A line has an event or a field that this version does not know. Skipping it could lose an owed reindex.
    #[error("written by a newer stocktake, as line {line} shows")]
    Newer {
        /// The line, from 1.
        line: usize,
    },
}

impl ReplayError {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Damaged { line } | Self::Newer { line } => *line,
        }
    }
}

/// Replays the lines of one shop, named by its URL, and skips those of others. The time is proportional to the number of
/// bytes.
pub fn replay(bytes: &[u8], url: &str) -> Result<State, ReplayError> {
    let mut state = State::default();
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        // After a power cut a file may end in zero bytes instead of the last lines.
        let end = line
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1);
        let line = &line[..end];
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Line>(line) {
            Ok(known) if has_more(line, &known) => return Err(ReplayError::Newer { line: number }),
            // The URL is the shop; its name in targets.yaml may change.
            Ok(line) if line.url == url => state.take_line(line),
            Ok(_) => {}
            Err(_) if is_torn(line) => {}
            // A damaged line is hardly ever an object.
            Err(_) if matches!(serde_json::from_slice(line), Ok(Value::Object(_))) => {
                return Err(ReplayError::Newer { line: number });
            }
            Err(_) => return Err(ReplayError::Damaged { line: number }),
        }
    }
    Ok(state)
}

/// True if a line has more than this version reads.
fn has_more(line: &[u8], known: &Line) -> bool {
    match (serde_json::from_slice(line), serde_json::to_value(known)) {
        (Ok(line), Ok(known)) => says_more(&line, &known),
        _ => false,
    }
}

/// True if there is an unknown key at any depth. A key that is null or false does not count.
fn says_more(value: &Value, known: &Value) -> bool {
    match (value, known) {
        (Value::Object(entries), Value::Object(known)) => {
            let mut entries = entries.iter();
            entries.any(|(key, value)| match known.get(key) {
                Some(known) => says_more(value, known),
                None => !matches!(value, Value::Null | Value::Bool(false)),
            })
        }
        (Value::Array(items), Value::Array(known)) => {
            let mut pairs = items.iter().zip(known);
            pairs.any(|(item, known)| says_more(item, known))
        }
        _ => false,
    }
}

/// True if a line is the beginning of one that a crash cut off. Every line is an object, so a cut-off number is damage.
fn is_torn(line: &[u8]) -> bool {
    let begins_an_object = line.trim_ascii_start().first().is_none_or(|byte| *byte == b'{');
    begins_an_object && matches!(serde_json::from_slice::<Value>(line), Err(error) if error.is_eof())
}
