//! Fills in the placeholders of the server's messages, which it leaves to the client (04-112).

use std::borrow::Cow;

use serde_json::Value;

/// Longest text from a server that an error quotes, in bytes.
const LONGEST: usize = 2_048;

/// Most parameters of a message that are filled in; the shop's own messages have at most five.
const MOST_PARAMETERS: usize = 64;

/// The text, shortened to what an error may quote.
pub fn brief(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}…", &text[..text.floor_char_boundary(LONGEST)]))
}

/// Fills in a message's placeholders from its parameters.
///
/// Parameters are an object for names (`%field`) or a list for positions (`%1`). The longest placeholder matches first. All are
/// replaced in a single pass, so that a value that looks like a placeholder stays as it is. Unknown placeholders stay. The
/// result is cut at 2 KiB: a short placeholder may repeat a value of any length.
///
/// ```
/// use serde_json::json;
/// let message = stocktake::commerce::interpolate("\"%fieldName\" or \"%field\"", &json!({"field": "a", "fieldName": "%field"}));
/// assert_eq!(message, "\"%field\" or \"a\"");
/// assert_eq!(stocktake::commerce::interpolate("%1 of %10", &json!(["a"])), "a of a0");
/// ```
pub fn interpolate(message: &str, parameters: &Value) -> String {
    let mut values = placeholders(parameters);
    values.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut filled = String::with_capacity(message.len().min(LONGEST));
    let mut rest = message;
    while let Some(at) = rest.find('%').filter(|_| filled.len() <= LONGEST) {
        filled.push_str(&brief(&rest[..at]));
        rest = &rest[at + 1..];
        match values.iter().find(|(name, _)| rest.starts_with(name.as_str())) {
            Some((name, value)) => {
                filled.push_str(&brief(value));
                rest = &rest[name.len()..];
            }
            None => filled.push('%'),
        }
    }
    filled.push_str(&brief(rest));
    brief(&filled).into_owned()
}

fn placeholders(parameters: &Value) -> Vec<(String, String)> {
    match parameters {
        Value::Object(named) => named
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .take(MOST_PARAMETERS)
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        Value::Array(listed) => listed
            .iter()
            .zip(1..)
            .take(MOST_PARAMETERS)
            .map(|(value, position): (_, u32)| (position.to_string(), plain(value)))
            .collect(),
        _ => Vec::new(),
    }
}

/// A value as plain text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
