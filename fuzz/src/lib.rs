//! What must hold of everything that stocktake reads from outside, whatever the bytes; one module for each fuzz target.
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
    let hidden = |c: char| c != '\n' && stocktake::diag::is_hidden(c);
    assert!(
        !text.contains(hidden),
        "a hidden character gets through: {text:?}"
    );
}
