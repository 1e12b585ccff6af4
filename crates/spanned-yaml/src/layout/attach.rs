//! Attaches each comment to an entry: the one on its line, the one below, or the end of its list.

use super::page::{Page, Value};

/// Gives each comment to an entry or to the end of a group.
pub(super) fn comments(page: &mut Page<'_>) {
    for at in 0..page.entries.len() {
        page.entries[at].apart = page.is_below_blank(page.entries[at].start);
    }
    for comment in std::mem::take(&mut page.comments) {
        let (at, text) = (comment.at, comment.text);
        let before = page.text[page.line_start(at)..at]
            .trim()
            .trim_start_matches('\u{feff}')
            .to_owned();
        // Behind a mere dash it is about what comes next.
        let own_line = before.is_empty() || before == "-" || before == "---";
        let below = page.entries.partition_point(|entry| entry.start < at);
        if !own_line && below > 0 {
            let entry = outermost_ended(page, below - 1, at);
            page.entries[entry].behind.push(text);
            continue;
        }
        let blank = before.is_empty() && page.is_below_blank(at);
        match ended_group(page, below, at) {
            Some(group) => {
                let lines = &mut page.groups[group].below;
                lines.extend(blank.then(String::new));
                lines.push(text);
            }
            None => above(page, below, blank, text),
        }
    }
    for entry in &mut page.entries {
        // A blank line between the comments and their entry.
        if !entry.above.is_empty() {
            let apart = std::mem::replace(&mut entry.apart, entry.above[0].is_empty());
            if entry.above[0].is_empty() {
                entry.above.remove(0);
            }
            entry.above.extend(apart.then(String::new));
        }
    }
}

fn above(page: &mut Page<'_>, entry: usize, blank: bool, text: String) {
    let lines = match page.entries.get_mut(entry) {
        Some(entry) => &mut entry.above,
        None => &mut page.groups[0].below,
    };
    lines.extend(blank.then(String::new));
    lines.push(text);
}

/// The outermost entry that ends with the brackets which end between an entry and a place behind it.
fn outermost_ended(page: &Page<'_>, mut entry: usize, at: usize) -> usize {
    loop {
        let group = &page.groups[page.entries[entry].group];
        match group.owner {
            Some(owner) if group.bracketed && group.end <= at => entry = owner,
            _ => return entry,
        }
    }
}

/// The group whose end a comment stands at, between the entry before it and the one below.
fn ended_group(page: &Page<'_>, below: usize, at: usize) -> Option<usize> {
    let column = at - page.line_start(at);
    let next = page.entries.get(below).map(|entry| entry.group);
    // A comment no deeper than the next entry is about that one.
    if next.is_some() && column <= page.indent_of(below) && !within_brackets(page, below, at) {
        return None;
    }
    let mut group = innermost(page, below.checked_sub(1)?, at);
    while Some(group) != next {
        let open = &page.groups[group];
        if open.bracketed {
            if open.end > at {
                return Some(group);
            }
        } else if let Some(first) = open.entries.first()
            && page.indent_of(*first) <= column
        {
            return Some(group);
        }
        group = page.entries[open.owner?].group;
    }
    None
}

/// True for a place behind an entry and within its brackets.
fn within_brackets(page: &Page<'_>, below: usize, at: usize) -> bool {
    let entry = below.checked_sub(1);
    let group = entry.map(|entry| &page.groups[innermost(page, entry, at)]);
    group.is_some_and(|group| group.bracketed && group.end > at)
}

/// The innermost group that a place behind an entry may be in.
fn innermost(page: &Page<'_>, entry: usize, at: usize) -> usize {
    match page.entries[entry].value {
        Value::Group(group) if !page.groups[group].bracketed || page.groups[group].end > at => group,
        _ => page.entries[entry].group,
    }
}

impl Page<'_> {
    /// The column of an entry's key or dash.
    fn indent_of(&self, entry: usize) -> usize {
        let start = self.entries[entry].start;
        if self.entries[entry].key.is_some() {
            start - self.line_start(start)
        } else {
            self.indent(start)
        }
    }
}
