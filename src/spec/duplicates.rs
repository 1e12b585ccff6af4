//! Finds duplicate keys, compared as the shop compares them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::hash::Hash;

use spanned_yaml::diag::{Diagnostic, Rule, Span, shown};

/// A duplicate key, perhaps in two spellings.
pub struct Duplicate {
    first: (String, Span),
    again: (String, Span),
}

/// Reports each key that equals an earlier one.
pub fn duplicates<'a, T: Eq + Hash + Display + 'a>(
    items: impl Iterator<Item = (&'a T, Span)>,
    mut report: impl FnMut(&Duplicate),
) {
    let mut seen: HashMap<&T, (&T, Span)> = HashMap::with_capacity(items.size_hint().0);
    for (key, span) in items {
        match seen.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert((key, span));
            }
            Entry::Occupied(entry) => {
                let (first, place) = *entry.get();
                report(&Duplicate {
                    first: (shown(&first.to_string()), place),
                    again: (shown(&key.to_string()), span),
                });
            }
        }
    }
}

impl Duplicate {
    /// The finding; `what` says how the key is duplicate.
    pub fn found(&self, rule: &Rule, noun: &str, what: &str) -> Diagnostic {
        let (first, before) = &self.first;
        let (again, here) = &self.again;
        let found = rule
            .found(format!("the {noun} `{again}` {what}"))
            .at(*here, "again here")
            .related(*before, "first here");
        if first == again {
            return found;
        }
        found.help(format!(
            "`{first}` and `{again}` are the same to the shop, which compares without case and accents"
        ))
    }
}
