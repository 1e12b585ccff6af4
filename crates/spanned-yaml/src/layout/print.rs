//! Prints a normalized page in canonical layout.

use super::page::{Entry, Page, Value};
use super::style::FormatStyle;

/// The lines of a page.
pub(super) fn lines(page: &Page<'_>, style: FormatStyle) -> Vec<String> {
    let mut printer = Printer {
        page,
        style,
        lines: Vec::new(),
    };
    printer.group(0, 0, None);
    printer.lines
}

struct Printer<'p> {
    page: &'p Page<'p>,
    style: FormatStyle,
    lines: Vec<String>,
}

impl Printer<'_> {
    /// Writes the entries of a group; `dash` is what stands before the first key of a mapping in a list.
    fn group(&mut self, at: usize, indent: usize, mut dash: Option<String>) {
        let group = &self.page.groups[at];
        let spaced =
            at == 0 || (!group.mapping && group.entries.iter().any(|item| self.page.holds_a_group(*item)));
        for (place, at) in group.entries.iter().enumerate() {
            let apart = self.page.entries[*at].apart && !group.mapping;
            if place > 0 && (spaced || apart) {
                self.lines.push(String::new());
            }
            self.entry(*at, indent, dash.take());
        }
        self.comments(&group.below, indent);
    }

    fn entry(&mut self, at: usize, indent: usize, dash: Option<String>) {
        let entry = &self.page.entries[at];
        self.comments(&entry.above, indent);
        let start = dash.unwrap_or_else(|| " ".repeat(indent)) + &entry.beginning();
        let behind = entry.behind.first().map_or("", String::as_str);
        if let Some(value) = self.page.inline(at, indent, self.style) {
            self.lines.push(joined(&[&start, &value, behind]));
            return;
        }
        let Value::Group(inner) = entry.value else { return };
        let mapping = self.page.groups[inner].mapping;
        if mapping && entry.key.is_none() && entry.anchor.is_none() {
            self.group(inner, indent + 2, Some(start + " "));
        } else {
            self.lines.push(joined(&[&start, behind]));
            self.group(inner, indent + 2, None);
        }
    }

    fn comments(&mut self, comments: &[String], indent: usize) {
        for comment in comments {
            let line = " ".repeat(indent) + comment;
            self.lines.push(line.trim_end().to_owned());
        }
    }
}

impl Entry {
    /// Its key or dash, and its anchor.
    fn beginning(&self) -> String {
        let start = self.key.as_ref().map_or("-".to_owned(), |key| format!("{key}:"));
        match &self.anchor {
            Some(anchor) => format!("{start} &{anchor}"),
            None => start,
        }
    }

    /// Its value with its anchor; `None` for a list or a mapping.
    fn text(&self) -> Option<String> {
        match (&self.value, &self.anchor) {
            (Value::Text(text), Some(anchor)) => Some(format!("&{anchor} {text}")),
            (Value::Text(text), None) => Some(text.clone()),
            (Value::Group(_), _) => None,
        }
    }

    fn has_comments(&self) -> bool {
        !self.above.is_empty() || !self.behind.is_empty()
    }
}

impl Page<'_> {
    /// The value of an entry as it stands on the entry's own line; `None` when it takes lines of its own.
    pub(super) fn inline(&self, at: usize, indent: usize, style: FormatStyle) -> Option<String> {
        let entry = &self.entries[at];
        let group = match &entry.value {
            Value::Text(text) => return Some(text.clone()),
            Value::Group(group) => &self.groups[*group],
        };
        if group.entries.is_empty() {
            return group.below.is_empty().then(|| brackets(group.mapping, ""));
        }
        let is_brace_key = |at: &usize| {
            let key = self.entries[*at].key.as_deref();
            key.is_some_and(|key| style.in_braces.contains(&key))
        };
        let braced = || group.entries.iter().any(is_brace_key);
        if !group.below.is_empty() || (group.mapping && (entry.key.is_some() || !braced())) {
            return None;
        }
        let parts = group.entries.iter().map(|at| {
            let part = &self.entries[*at];
            let text = part.text().filter(|_| !part.has_comments())?;
            Some(match &part.key {
                Some(key) => format!("{key}: {text}"),
                None => text,
            })
        });
        let text = brackets(group.mapping, &parts.collect::<Option<Vec<_>>>()?.join(", "));
        let width = indent + entry.beginning().chars().count() + 1 + text.chars().count();
        (group.mapping || width <= style.width).then_some(text)
    }

    /// True if the value of an entry holds a list or mapping itself.
    fn holds_a_group(&self, at: usize) -> bool {
        let Value::Group(group) = self.entries[at].value else {
            return false;
        };
        let mut entries = self.groups[group].entries.iter();
        entries.any(|at| matches!(self.entries[*at].value, Value::Group(_)))
    }
}

fn brackets(mapping: bool, inner: &str) -> String {
    match (mapping, inner) {
        (true, "") => "{}".to_owned(),
        (true, inner) => format!("{{ {inner} }}"),
        (false, inner) => format!("[{inner}]"),
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).copied().collect();
    parts.join(" ")
}
