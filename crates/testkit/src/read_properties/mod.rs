//! Properties that hold of everything that stocktake reads from outside, whatever the bytes; one module for each fuzz target.
//!
//! A property that does not hold panics. The tests of stocktake hold the seeds to the same properties.

pub mod answers;
mod findings;
pub mod inventory;
pub mod journal;
pub mod plan;
pub mod targets;

/// Separates the files, or bodies, of one input.
const SEPARATOR: u8 = 0x1e;

/// The parts of an input.
fn parts(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == SEPARATOR)
}

/// Panics when a text for a terminal holds what the terminal would obey or what a reader could not see.
fn holds_nothing_hidden(text: &str) {
    let hidden = |c: char| c != '\n' && spanned_yaml::diag::is_hidden(c);
    assert!(
        !text.contains(hidden),
        "a hidden character gets through: {text:?}"
    );
}

/// The text without colours. Unlike one that strips a text for a terminal, this leaves every other escape in it.
fn without_styles(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let parameters = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        if let Some(rest) = parameters.strip_prefix('m') {
            plain.push_str(rest);
        } else {
            plain.push('\u{1b}');
            plain.push_str(piece);
        }
    }
    plain
}
