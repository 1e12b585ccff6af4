//! Keys that exclude each other.

use super::context::DecodeContext;
use super::rules::ONE_OF;
use crate::diag::Span;

/// Reports unless exactly one of the keys is there; `keys` are names and whether they are.
pub fn exactly_one(keys: &[(&str, bool)], noun: &str, at: Span, context: &mut DecodeContext) -> bool {
    let given: Vec<_> = keys.iter().filter(|(_, present)| *present).collect();
    if given.len() == 1 {
        return true;
    }
    let names: Vec<_> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    let names = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let count = if given.is_empty() { "none" } else { "more than one" };
    let message = format!("{noun} needs exactly one of {names}, and {count} is given");
    context.findings.push(ONE_OF.at(at, message));
    false
}
