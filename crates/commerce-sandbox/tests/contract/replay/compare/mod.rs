//! When two answers agree: JSON by value, with the recorder's placeholders and without the order of unsorted lists.

mod lists;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::recording::{Request, Response};
use testkit::wire::Answer;

/// What the recorder wrote in place of text that differs from run to run.
const PLACEHOLDERS: [&str; 5] = ["<id>", "<token>", "<jwt>", "<path>", "<uuid:"];

/// Says in what an answer differs from the recorded one, if it does.
pub fn difference(request: &Request, expected: &Response, got: &Answer) -> Option<String> {
    let status = expected.status.unwrap_or_default();
    if got.status != status {
        return Some(format!(
            "status {} in place of {status}, body {}",
            got.status,
            shown(&got.body)
        ));
    }
    let (wanted, found) = (
        media_type(expected.content_type.as_deref()),
        media_type(got.content_type.as_deref()),
    );
    if wanted != found {
        return Some(format!("media type {found:?} in place of {wanted:?}"));
    }
    if request.method == "HEAD" {
        return None;
    }
    match wanted.as_deref() {
        Some("text/html") => (!is_html(&got.body)).then(|| format!("no HTML: {}", shown(&got.body))),
        Some("application/json") => difference_of_json(request, &expected.body, &got.body),
        _ => (expected.body.as_str() != std::str::from_utf8(&got.body).ok())
            .then(|| format!("body {} in place of {}", shown(&got.body), expected.body)),
    }
}

fn difference_of_json(request: &Request, expected: &Value, got: &[u8]) -> Option<String> {
    let Ok(got) = serde_json::from_slice::<Value>(got) else {
        return Some(format!("no JSON: {}", shown(got)));
    };
    let same = agree(expected, &got) || lists::agree_unsorted(request, expected, &got);
    (!same).then(|| format!("body\n      {got}\n    in place of\n      {expected}"))
}

/// Compares by value: 1 is 1.0, the order of keys is nothing, placeholders stand for any text.
fn agree(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::String(expected), Value::String(got)) => agree_text(expected, got),
        (Value::Number(expected), Value::Number(got)) => expected.as_f64() == got.as_f64(),
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .zip(got)
                    .all(|(expected, got)| agree(expected, got))
        }
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .all(|(key, value)| got.get(key).is_some_and(|got| agree(value, got)))
        }
        _ => expected == got,
    }
}

/// Compares text in which a placeholder stands for one or more characters.
fn agree_text(expected: &str, got: &str) -> bool {
    let first = PLACEHOLDERS.iter().filter_map(|name| expected.find(name)).min();
    let Some(start) = first else {
        return expected == got;
    };
    let (before, rest) = expected.split_at(start);
    let after = rest.split_once('>').map_or("", |(_, after)| after);
    let Some(tail) = got.strip_prefix(before) else {
        return false;
    };
    let ends = tail
        .char_indices()
        .map(|(at, character)| at + character.len_utf8());
    ends.into_iter().any(|end| agree_text(after, &tail[end..]))
}

fn media_type(content_type: Option<&str>) -> Option<String> {
    let media_type = content_type?.split(';').next()?;
    Some(media_type.trim().to_ascii_lowercase())
}

/// Takes for HTML what a browser would draw; the shop's apology for a fault is bare text of that type.
fn is_html(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).trim_start().to_ascii_lowercase();
    text.starts_with('<') || text.starts_with("an error has happened")
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(600).collect()
}
