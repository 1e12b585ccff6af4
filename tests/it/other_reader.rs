//! A second opinion on a YAML text: `serde_yaml` reads it by libyaml, as many other tools do.

use serde::Deserialize;
use serde_yaml::{Deserializer, Mapping, Value};
use spanned_yaml::diag::{FileId, Findings, InputFiles};
use spanned_yaml::{Node, NodeKind};

/// Compares what we read in a text with what `serde_yaml` reads.
///
/// # Errors
///
/// When one of the two does not read the text, or reads other values; the error shows both.
pub fn second_opinion(text: &str) -> Result<(), String> {
    let (ours, theirs) = (our_value(text)?, their_value(text)?);
    if ours == theirs {
        return Ok(());
    }
    Err(format!("{text}\nwe read {ours:?}\nserde_yaml reads {theirs:?}"))
}

fn our_value(text: &str) -> Result<Value, String> {
    let files = InputFiles::one("", text);
    let mut findings = Findings::default();
    let tree = spanned_yaml::read(&files, FileId(0), &mut findings);
    match tree.as_ref().and_then(spanned_yaml::Tree::root) {
        Some(root) if !findings.any_error() => Ok(value(root)),
        _ => Err(format!("{text}\nwe read nothing: {:?}", findings.sorted())),
    }
}

fn value(node: Node<'_>) -> Value {
    match node.kind() {
        NodeKind::Plain(_) if node.is_null() => Value::Null,
        NodeKind::Plain(text) => match (node.as_bool(), text.parse::<i64>()) {
            (Some(flag), _) => Value::Bool(flag),
            (None, Ok(number)) => Value::Number(number.into()),
            (None, Err(_)) => Value::String(text.to_owned()),
        },
        NodeKind::Text(text) => Value::String(text.to_owned()),
        NodeKind::Sequence => Value::Sequence(node.items().map(value).collect()),
        NodeKind::Mapping => {
            let pairs = node.pairs().map(|(key, of)| (value(key), value(of)));
            Value::Mapping(pairs.collect::<Mapping>())
        }
        NodeKind::Broken => Value::Null,
    }
}

/// The only document of a text. A line of dashes at the end begins another, which holds nothing.
fn their_value(text: &str) -> Result<Value, String> {
    // serde_yaml leaves the byte order mark to whoever reads the bytes.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let documents: Result<Vec<Value>, _> = Deserializer::from_str(text).map(Value::deserialize).collect();
    let documents = documents.map_err(|error| format!("{text}\nserde_yaml: {error}"))?;
    match documents.as_slice() {
        [first, rest @ ..] if rest.iter().all(Value::is_null) => Ok(first.clone()),
        _ => Err(format!("{text}\nserde_yaml reads {} documents", documents.len())),
    }
}
