//! A graph as SVG.

use askama::Template;

use super::layout::{CARD, Layout, MARGIN, WIDTH, layout};
use super::{ChangeKind, Graph};
use crate::report::filters;
use crate::report::words::count;

/// The picture. The template escapes texts; hidden characters are spelt out before.
#[derive(Template)]
#[template(path = "graph.svg", escape = "html")]
struct Picture<'a> {
    width: u32,
    card: u32,
    left: u32,
    right: u32,
    title: String,
    description: String,
    layout: Layout<'a>,
}

/// The picture. The only possible error comes from the template.
pub fn svg(graph: &Graph) -> Result<String, askama::Error> {
    let stocks = count(graph.stocks.len(), "stock");
    let sources = count(graph.sources.len(), "source");
    let links = graph.stocks.iter().flat_map(|stock| &stock.links);
    let changed = links.filter(|edge| !matches!(edge.kind, ChangeKind::Stay | ChangeKind::Blocked));
    let changes = match changed.count() {
        0 => String::new(),
        number => format!(", {}", count(number, "change")),
    };
    let picture = Picture {
        width: WIDTH,
        card: CARD,
        left: MARGIN,
        right: WIDTH - MARGIN - CARD,
        title: graph.full_title(),
        description: format!("{stocks}, {sources}, {}{changes}", count(graph.edges(), "link")),
        layout: layout(graph),
    };
    picture.render()
}
