//! Decodes mappings with known keys; reports unknown, missing and duplicate keys.

use std::collections::HashMap;

use super::context::DecodeContext;
use super::node::{Node, NodeKind};
use super::rules::{DUPLICATE_KEY, MISSING_KEY, UNKNOWN_KEY};
use crate::diag::{Span, closest, code_point, did_you_mean, is_odd_blank, joined, shown};

/// A key that a mapping may have.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// True for a required key.
    pub required: bool,
}

/// The values of a mapping's known keys, in the order of `keys`; `None` if the node is not a mapping.
pub fn fields<'t, const N: usize>(
    node: Node<'t>,
    noun: &str,
    keys: &[Key; N],
    context: &mut DecodeContext,
) -> Option<[Option<Node<'t>>; N]> {
    fields_beside(node, noun, keys, None, context)
}

/// The same where keys that begin with `free` may stand too, each once, with any value.
pub fn fields_beside<'t, const N: usize>(
    node: Node<'t>,
    noun: &str,
    keys: &[Key; N],
    free: Option<&str>,
    context: &mut DecodeContext,
) -> Option<[Option<Node<'t>>; N]> {
    if !matches!(node.kind(), NodeKind::Mapping) {
        let expected = format!("{noun} (a mapping)");
        context.wrong_type(node, &expected, Some(known_keys(keys)));
        return None;
    }
    let mut values = [None; N];
    let mut places: [Option<Span>; N] = [None; N];
    let mut free_keys: HashMap<&str, Span> = HashMap::new();
    for (key, value) in node.pairs() {
        let Some(at) = known(key, keys) else {
            match text(key).filter(|name| free.is_some_and(|free| name.starts_with(free))) {
                None => unknown_key(key, value, noun, keys, context),
                Some(name) => match free_keys.get(name) {
                    Some(first) => twice(key, name, *first, context),
                    None => {
                        free_keys.insert(name, key.head());
                    }
                },
            }
            continue;
        };
        if let Some(first) = places[at] {
            twice(key, keys[at].name, first, context);
            context.conceal(value);
        } else {
            values[at] = Some(value);
            places[at] = Some(key.head());
        }
    }
    for (key, value) in keys.iter().zip(&values) {
        if key.required && value.is_none() {
            let message = format!("{noun} needs the key `{}`", key.name);
            context.report(MISSING_KEY.at(node.head(), message));
        }
    }
    Some(values)
}

fn known(key: Node<'_>, keys: &[Key]) -> Option<usize> {
    let name = text(key)?;
    keys.iter().position(|known| known.name == name)
}

fn text(key: Node<'_>) -> Option<&str> {
    match key.kind() {
        NodeKind::Plain(text) | NodeKind::Text(text) => Some(text),
        NodeKind::Sequence | NodeKind::Mapping | NodeKind::Broken => None,
    }
}

fn twice(key: Node<'_>, name: &str, first: Span, context: &mut DecodeContext) {
    let message = format!("the key `{}` stands here twice", shown(name));
    let found = DUPLICATE_KEY.at(key.head(), message);
    context.report(found.related(first, "the first one"));
}

fn unknown_key(key: Node<'_>, value: Node<'_>, noun: &str, keys: &[Key], context: &mut DecodeContext) {
    context.conceal(value);
    let (NodeKind::Plain(name) | NodeKind::Text(name)) = key.kind() else {
        context.wrong_type(key, "a key", None);
        return;
    };
    // In `{ 5ecret }` the secret is a key with no value.
    let bare = matches!(value.kind(), NodeKind::Plain(""));
    let message = if bare && context.is_sensitive() {
        context.conceal(key);
        format!("{noun} has no such key")
    } else {
        format!("{noun} has no key `{}`", shown(name))
    };
    let help = if name == "<<" {
        "merge keys are not read; write the keys out".to_owned()
    } else if let Some(blank) = name.chars().next().filter(|c| is_odd_blank(*c)) {
        let blank = code_point(blank);
        format!("it begins with {blank}: indent with the space bar's blank alone")
    } else if let Some(likely) = closest(name, keys.iter().map(|key| key.name)) {
        did_you_mean(name, likely)
    } else {
        known_keys(keys)
    };
    context.report(UNKNOWN_KEY.at(key.head(), message).help(help));
}

fn known_keys(keys: &[Key]) -> String {
    let names = keys.iter().map(|key| format!("`{}`", key.name));
    format!("known keys: {}", joined(names, ", "))
}
