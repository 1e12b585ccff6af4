//! The `fields` argument, which cuts an answer down to the named parts.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The deepest selection that is taken; no answer is that deep.
const DEEPEST: usize = 64;

/// The selected names, each whole or in part.
#[derive(Debug, Default, PartialEq, Eq)]
struct FieldSelection(BTreeMap<String, Option<FieldSelection>>);

/// Cuts an answer down to the selected parts. An invalid selection leaves nothing.
pub fn project(answer: Value, fields: &str) -> Value {
    if !answer.is_array() && !answer.is_object() {
        return answer;
    }
    match parse(fields) {
        Some(wanted) => pick(&answer, &wanted),
        None => json!([]),
    }
}

/// Selects from each item of a list, and the named members of an object.
///
/// As in PHP, an object without members is an empty list, and a list without items becomes null.
fn pick(answer: &Value, wanted: &FieldSelection) -> Value {
    match answer {
        Value::Array(items) => {
            let picked: Vec<Value> = items
                .iter()
                .filter(|item| item.is_array() || item.is_object())
                .map(|item| pick(item, wanted))
                .collect();
            if picked.is_empty() {
                Value::Null
            } else {
                Value::Array(picked)
            }
        }
        Value::Object(named) => {
            let picked: Map<String, Value> = named
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), part(value, wanted.0.get(name)?.as_ref()))))
                .collect();
            if picked.is_empty() {
                json!([])
            } else {
                Value::Object(picked)
            }
        }
        other => other.clone(),
    }
}

fn part(value: &Value, wanted: Option<&FieldSelection>) -> Value {
    match wanted {
        Some(inner) if value.is_array() || value.is_object() => pick(value, inner),
        _ => value.clone(),
    }
}

/// Parses `a,b[c,d]`; `None` if a character is invalid, a bracket stays open, or the selection is too deep.
fn parse(fields: &str) -> Option<FieldSelection> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '[' | ']' | ',');
    if !fields.chars().all(allowed) {
        return None;
    }
    let mut current = FieldSelection::default();
    let mut open: Vec<(FieldSelection, String)> = Vec::new();
    let mut last = String::new();
    let mut name = String::new();
    for character in fields.chars().chain([',']) {
        if !matches!(character, '[' | ']' | ',') {
            name.push(character);
            continue;
        }
        if !name.is_empty() {
            last = std::mem::take(&mut name);
            current.0.insert(last.clone(), None);
        }
        match character {
            '[' if open.len() == DEEPEST => return None,
            '[' => open.push((std::mem::take(&mut current), last.clone())),
            ']' => {
                let (mut outer, parent) = open.pop().unwrap_or_default();
                outer.0.insert(parent, Some(current));
                current = outer;
            }
            _ => {}
        }
    }
    open.is_empty().then_some(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Value {
        json!({ "items": [{ "a": 1, "b": { "c": 2, "d": 3 } }], "total_count": 1 })
    }

    #[test]
    fn named_parts_stay() {
        let picked = project(list(), "items[b[c]],total_count");
        assert_eq!(
            picked,
            json!({ "items": [{ "b": { "c": 2 } }], "total_count": 1 })
        );
        assert_eq!(project(list(), "total_count"), json!({ "total_count": 1 }));
    }

    #[test]
    fn unknown_names_and_bad_syntax_leave_empty_lists() {
        assert_eq!(project(list(), "items[nope]"), json!({ "items": [[]] }));
        assert_eq!(project(list(), "nope"), json!([]));
        assert_eq!(project(list(), "items[a"), json!([]));
        assert_eq!(project(list(), "items[a, b]"), json!([]));
        let deep = format!("{}x{}", "a[".repeat(4000), "]".repeat(4000));
        assert_eq!(project(list(), &deep), json!([]));
    }

    #[test]
    fn an_empty_list_becomes_null_only_when_looked_into() {
        let empty = json!({ "items": [], "total_count": 0 });
        assert_eq!(project(empty.clone(), "items[a]"), json!({ "items": null }));
        assert_eq!(project(empty, "items"), json!({ "items": [] }));
        assert_eq!(project(json!([]), "x"), Value::Null);
        assert_eq!(project(json!(2), "x"), json!(2));
    }

    #[test]
    fn a_bracket_without_a_name_picks_nothing() {
        assert_eq!(project(json!([{ "a": 1 }, { "a": 2 }]), "[a]"), json!([[], []]));
    }
}
