//! A graph in the language of Graphviz.

use std::fmt::Write as _;

use spanned_yaml::diag::shown;

use super::{ChangeKind, Graph, colour};

/// The graph. Names from outside stand only in labels; the ids of nodes are our own.
pub fn dot(graph: &Graph) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "digraph stocktake {{");
    let _ = writeln!(out, "  rankdir=LR;");
    let _ = writeln!(out, "  label=\"{}\";", escaped(&graph.full_title()));
    let _ = writeln!(out, "  node [fontname=\"Helvetica\"];");
    let _ = writeln!(out, "  edge [fontname=\"Helvetica\"];");
    for stock in &graph.stocks {
        let name = escaped(&stock.name);
        let _ = writeln!(out, "  stock{} [shape=box, label=\"{name}\"];", stock.id);
    }
    for (at, source) in graph.sources.iter().enumerate() {
        let label = escaped(&source.label());
        let _ = writeln!(out, "  source{at} [shape=box, style=rounded, label=\"{label}\"];");
    }
    for stock in &graph.stocks {
        for edge in &stock.links {
            let mut attributes = format!("label=\"{}\"", edge.label());
            if let Some(colour) = colour(edge.kind) {
                let _ = write!(attributes, ", color=\"{colour}\", fontcolor=\"{colour}\"");
            }
            if edge.kind == ChangeKind::Delete {
                attributes.push_str(", style=dashed");
            }
            let _ = writeln!(
                out,
                "  stock{} -> source{} [{attributes}];",
                stock.id, edge.source
            );
        }
    }
    out.push_str("}\n");
    out
}

/// Escapes a text for a quoted label, in which backslashes and entities are special too.
fn escaped(text: &str) -> String {
    shown(text)
        .replace('&', "&amp;")
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
}
