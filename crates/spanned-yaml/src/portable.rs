//! Warns of YAML that we read and that libyaml, the reader below many other tools, refuses or reads differently.

use super::rules::READ_DIFFERENTLY;
use super::tree::{Slot, SlotKind, Tree};
use crate::diag::{Diagnostic, Findings, Span, code_point};

/// Characters that end a line in YAML 1.1 and not in YAML 1.2.
const LINE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Warns of tabs in the indentation, of line breaks of YAML 1.1 in values, and of keys of several lines.
pub(super) fn warn(tree: &Tree<'_>, findings: &mut Findings) {
    if tree.text.contains('\t') {
        tabs(tree, findings);
    }
    // Each search goes through the whole text.
    let breaks: &[char] = if tree.text.is_ascii() { &[] } else { &LINE_BREAKS };
    for &c in breaks {
        for (at, _) in tree.text.match_indices(c).filter(|(at, _)| tree.in_value(*at)) {
            let message = format!("YAML 1.1 tools read {} as a line break", code_point(c));
            let found = READ_DIFFERENTLY.at(span(tree, at, c.len_utf8()), message);
            findings.push(found.help("remove it, or write it as an escape between double quotes"));
        }
    }
    // Other scalars stand on one line.
    if !tree.decoded.is_empty() {
        keys(tree, findings);
    }
}

/// The finding about an anchor whose name libyaml refuses; `None` for other names.
pub(super) fn anchor(name: &str, at: Span) -> Option<Diagnostic> {
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!name.chars().all(is_known)).then(|| {
        READ_DIFFERENTLY
            .at(at, "YAML 1.1 tools refuse the name of this anchor")
            .help("name it with letters of ASCII, digits, `-` and `_`")
    })
}

/// Tabs before the first thing of a line, or behind its dash; between brackets they are blanks to all tools.
fn tabs(tree: &Tree<'_>, findings: &mut Findings) {
    let mut brackets = tree.slots.iter().filter(|slot| is_bracketed(slot)).peekable();
    let mut bracketed_until = 0;
    let mut start = 0;
    for line in tree.text.split_inclusive('\n') {
        // A mark between documents stands alone; what follows it is a comment at most.
        let indent = if line.starts_with("---") {
            0
        } else {
            line.len() - line.trim_start_matches([' ', '-', '?', '\t']).len()
        };
        if let Some(tab) = line[..indent].find('\t') {
            let at = start + tab;
            while let Some(slot) = brackets.next_if(|slot| (slot.start as usize) < at) {
                bracketed_until = bracketed_until.max(slot.end as usize);
            }
            if at >= bracketed_until && !tree.in_value(at) {
                let found = READ_DIFFERENTLY.at(span(tree, at, 1), "YAML 1.1 tools refuse the tab here");
                findings.push(found.help("indent with the space bar's blank alone, two for each level"));
            }
        }
        start += line.len();
    }
}

fn is_bracketed(slot: &Slot) -> bool {
    matches!(slot.kind, SlotKind::Sequence | SlotKind::Mapping) && slot.start < slot.end
}

fn keys(tree: &Tree<'_>, findings: &mut Findings) {
    let mappings = (0..)
        .zip(&tree.slots)
        .filter(|(_, slot)| slot.kind == SlotKind::Mapping);
    for (at, mapping) in mappings {
        let mut key = at + 1;
        while key < mapping.link {
            let slot = tree.slot(key);
            if tree.slice(slot.start, slot.end).contains('\n') && !is_explicit(tree, slot.start) {
                let found = READ_DIFFERENTLY.at(
                    tree.span(slot.start, slot.end),
                    "YAML 1.1 tools refuse a key of several lines",
                );
                findings.push(found.help("write the key on one line"));
            }
            key = tree.after(tree.after(key));
        }
    }
}

/// True for a key behind a question mark, which all tools let have several lines.
fn is_explicit(tree: &Tree<'_>, start: u32) -> bool {
    // A block's text begins below its mark, such as `|-`.
    let is_mark = |c: char| "|>+-".contains(c) || c.is_ascii_digit();
    let before = tree.slice(0, start).trim_end();
    let before = before.trim_end_matches(is_mark).trim_end();
    before.strip_suffix('?').is_some_and(|before| {
        before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || "{[,".contains(c))
    })
}

fn span(tree: &Tree<'_>, at: usize, length: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    tree.span(offset(at), offset(at + length))
}
