//! A graph as a Mermaid flowchart.

use std::fmt::Write as _;

use spanned_yaml::diag::{joined, shown};

use super::{ChangeKind, Graph, colour};

/// The flowchart. No text from outside can act as syntax or markup.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = "flowchart LR\n".to_owned();
    // Writing to a String cannot fail.
    if !graph.only.is_empty() {
        let names = joined(graph.only.iter().map(|name| escaped(name)), ", ");
        let _ = writeln!(out, "  %% only {names}");
    }
    for stock in &graph.stocks {
        let _ = writeln!(out, "  stock{}[\"{}\"]", stock.id, escaped(&stock.name));
    }
    for (at, source) in graph.sources.iter().enumerate() {
        let _ = writeln!(out, "  source{at}([\"{}\"])", escaped(&source.label()));
    }
    let mut marks = Vec::with_capacity(graph.edges());
    for stock in &graph.stocks {
        for edge in &stock.links {
            let arrow = if edge.kind == ChangeKind::Delete {
                "-.->"
            } else {
                "-->"
            };
            let (id, label, source) = (stock.id, edge.label(), edge.source);
            let _ = writeln!(out, "  stock{id} {arrow}|\"{label}\"| source{source}");
            marks.push(edge.kind);
        }
    }
    for kind in [
        ChangeKind::Delete,
        ChangeKind::Create,
        ChangeKind::Reorder,
        ChangeKind::Blocked,
    ] {
        let marked = (0..).zip(&marks).filter(|(_, of)| **of == kind);
        let marked: Vec<String> = marked.map(|(at, _): (usize, _)| at.to_string()).collect();
        if let Some(colour) = colour(kind).filter(|_| !marked.is_empty()) {
            let _ = writeln!(out, "  linkStyle {} stroke:{colour}", marked.join(","));
        }
    }
    out
}

/// Escapes every ASCII character but letters, digits, blanks and underscores as a numeric entity.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in shown(text).chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, ' ' | '_') {
            let _ = write!(out, "#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
