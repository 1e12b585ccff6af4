//! Finds duplicate keys, compared as the shop compares them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::hash::Hash;

use spanned_yaml::diag::{Diagnostic, Rule, Span, shown};

/// The place where a key stands.
#[derive(Debug, Clone, Copy)]
pub struct Mention {
    /// The key itself.
    span: Span,
    /// The place that uses the group in which it stands.
    through: Option<Span>,
}

impl Mention {
    /// A key that stands there itself.
    pub fn at(span: Span) -> Self {
        Self { span, through: None }
    }

    /// A key of a group that is used at `usage`.
    pub fn through(span: Span, usage: Span) -> Self {
        Self {
            span,
            through: Some(usage),
        }
    }
}

/// A duplicate key, perhaps in two spellings.
pub struct Duplicate {
    first: (String, Mention),
    again: (String, Mention),
}

/// Reports each key that equals an earlier one.
pub fn duplicates<'a, T: Eq + Hash + Display + 'a>(
    items: impl Iterator<Item = (&'a T, Mention)>,
    mut report: impl FnMut(&Duplicate),
) {
    let mut seen: HashMap<&T, (&T, Mention)> = HashMap::with_capacity(items.size_hint().0);
    for (key, mention) in items {
        match seen.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert((key, mention));
            }
            Entry::Occupied(entry) => {
                let (first, place) = *entry.get();
                report(&Duplicate {
                    first: (shown(&first.to_string()), place),
                    again: (shown(&key.to_string()), mention),
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
            .at(here.span, "again here")
            .related(before.span, "first here");
        let through = [
            (here, "its group is used here"),
            (before, "its group is used here"),
        ];
        let through = through
            .into_iter()
            .filter_map(|(of, text)| Some((of.through?, text)));
        let found = through.fold(found, |found, (span, text)| found.related(span, text));
        if first == again {
            return found;
        }
        found.help(format!(
            "`{first}` and `{again}` are the same to the shop, which compares without case and accents"
        ))
    }
}
