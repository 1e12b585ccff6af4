//! Normalizes a page before printing: orders keys, and moves comments that have no place in the canonical layout.

use super::page::{Page, Value};
use super::style::FormatStyle;

/// Puts keys in order and moves comments to where the canonical layout has a place for them.
pub(super) fn normalize(page: &mut Page<'_>, style: FormatStyle) {
    // Where aliases refer back, the order of keys must stay.
    if page.entries.iter().all(|entry| entry.anchor.is_none()) {
        order(page, style.keys);
    }
    for at in 0..page.entries.len() {
        lift_from_empty(page, at);
    }
    let mut groups = vec![(0, 0)];
    while let Some((group, indent)) = groups.pop() {
        for at in page.groups[group].entries.clone() {
            lift_above_dash(page, at);
            lift_from_braces(page, at, style);
            if page.inline(at, indent, style).is_none()
                && let Value::Group(inner) = page.entries[at].value
            {
                lift_behind_dash(page, at);
                groups.push((inner, indent + 2));
            }
        }
        for at in page.groups[group].entries.clone() {
            let entry = &mut page.entries[at];
            let surplus = entry.behind.drain(1.min(entry.behind.len())..);
            entry.above.extend(surplus);
        }
    }
    for entry in &mut page.entries {
        entry.above.dedup_by(|a, b| a.is_empty() && b.is_empty());
        if entry.above.first().is_some_and(String::is_empty) {
            entry.above.remove(0);
            entry.apart = true;
        }
    }
}

fn order(page: &mut Page<'_>, keys: &[&str]) {
    for group in page.groups.iter_mut().filter(|group| group.mapping) {
        let entries = &page.entries;
        group.entries.sort_by_key(|at| {
            let known = |key: &String| keys.iter().position(|known| known == key);
            entries[*at].key.as_ref().and_then(known).unwrap_or(keys.len())
        });
    }
}

/// Moves comments out of empty brackets to the lines above.
fn lift_from_empty(page: &mut Page<'_>, at: usize) {
    if let Value::Group(group) = page.entries[at].value
        && page.groups[group].entries.is_empty()
    {
        let below = std::mem::take(&mut page.groups[group].below);
        page.entries[at].above.extend(below);
    }
}

/// Moves the only comment of a mapping that fits into braces behind them.
fn lift_from_braces(page: &mut Page<'_>, at: usize, style: FormatStyle) {
    let Value::Group(group) = page.entries[at].value else {
        return;
    };
    if page.entries[at].key.is_some() || !page.groups[group].mapping || !page.entries[at].behind.is_empty() {
        return;
    }
    let commented = page.groups[group]
        .entries
        .iter()
        .filter(|at| !page.entries[**at].behind.is_empty());
    if let [only] = commented.copied().collect::<Vec<_>>()[..]
        && page.entries[only].behind.len() == 1
    {
        let behind = std::mem::take(&mut page.entries[only].behind);
        if page.inline(at, 0, style).is_some() {
            page.entries[at].behind = behind;
        } else {
            page.entries[only].behind = behind;
        }
    }
}

/// Moves comments above the first key of a mapping in a list above its dash.
fn lift_above_dash(page: &mut Page<'_>, at: usize) {
    if let Some(first) = first_key(page, at) {
        let above = std::mem::take(&mut page.entries[first].above);
        page.entries[at].above.extend(above);
    }
}

/// Moves a comment behind a dash behind the first key.
fn lift_behind_dash(page: &mut Page<'_>, at: usize) {
    if let Some(first) = first_key(page, at) {
        let mut behind = std::mem::take(&mut page.entries[at].behind);
        behind.append(&mut page.entries[first].behind);
        let surplus = behind.split_off(1.min(behind.len()));
        page.entries[first].behind = behind;
        page.entries[at].above.extend(surplus);
    }
}

/// The entry that shares its line with the dash of an item.
fn first_key(page: &Page<'_>, at: usize) -> Option<usize> {
    let entry = &page.entries[at];
    let Value::Group(group) = entry.value else {
        return None;
    };
    let shares = entry.key.is_none() && entry.anchor.is_none() && page.groups[group].mapping;
    page.groups[group].entries.first().copied().filter(|_| shares)
}
