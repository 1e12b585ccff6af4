//! A graph as a Mermaid flowchart.

use std::fmt::Write as _;

use super::{Graph, Mark};
use crate::diag::shown;

/// The flowchart; no text of it can be taken for a part of the language, or for markup.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = "flowchart LR\n".to_owned();
    // Writing to a String cannot fail.
    for stock in &graph.stocks {
        let _ = writeln!(out, "  stock{}[\"{}\"]", stock.id, escaped(&stock.name));
    }
    for (at, source) in graph.sources.iter().enumerate() {
        let disabled = if source.enabled { "" } else { " (disabled)" };
        let name = source
            .name
            .as_ref()
            .map_or_else(String::new, |name| format!(" · {}", escaped(name)));
        let code = escaped(source.code.as_str());
        let _ = writeln!(out, "  source{at}([\"{code}{name}{disabled}\"])");
    }
    let mut links = Vec::new();
    for stock in &graph.stocks {
        for edge in &stock.links {
            let arrow = if edge.mark == Mark::Delete { "-.->" } else { "-->" };
            let label = [edge.mark.word(), &edge.ranks()].join(" ");
            let _ = writeln!(
                out,
                "  stock{} {arrow}|\"{}\"| source{}",
                stock.id,
                label.trim(),
                edge.source
            );
            links.push(edge.mark);
        }
    }
    for (mark, colour) in [
        (Mark::Delete, "#cf222e"),
        (Mark::Create, "#1a7f37"),
        (Mark::Move, "#9a6700"),
        (Mark::Blocked, "#6e7781"),
    ] {
        let marked: Vec<String> = (0..links.len())
            .filter(|at| links[*at] == mark)
            .map(|at| at.to_string())
            .collect();
        if !marked.is_empty() {
            let _ = writeln!(out, "  linkStyle {} stroke:{colour}", marked.join(","));
        }
    }
    out
}

/// Every ASCII character but letters, digits and blanks as a numeric entity of the language.
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
