//! Keys that exclude each other.

use super::context::DecodeContext;
use super::rules::ONE_OF;
use crate::diag::Span;

/// Reports unless exactly one of the keys is there; `keys` are names and whether they are.
pub fn exactly_one(keys: &[(&str, bool)], noun: &str, at: Span, context: &mut DecodeContext) -> bool {
    let count = match keys.iter().filter(|(_, present)| *present).count() {
        0 => "none",
        1 => return true,
        _ => "more than one",
    };
    let names: Vec<_> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    let names = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let message = format!("{noun} needs exactly one of {names}, and {count} is given");
    context.report(ONE_OF.at(at, message));
    false
}
