//! The Markdown that the generated pages are made of.

use std::fmt::Write as _;

/// A table; rows as wide as the head.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.iter().map(|word| (*word).to_owned()).collect());
    // Writing to a String cannot fail.
    let _ = writeln!(text, "|{}", "---|".repeat(head.len()));
    for row in rows {
        assert_eq!(row.len(), head.len(), "{row:?}");
        text += &line(row.iter().map(|text| cell(text)).collect());
    }
    text
}

/// A text in one cell: one line, whose bars divide nothing.
fn cell(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('|', "\\|")
}

/// Inline code; nothing for nothing.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{text}`")
}

/// A sentence: with a full stop, when it has none.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', ':', '!', '?']) {
        return text.to_owned();
    }
    format!("{text}.")
}
