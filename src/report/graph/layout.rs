//! The layout of the picture: stocks on the left with a row for each link, sources on the right.

use super::{Edge, Graph, SourceNode, StockNode};

/// The width of the picture, in pixels like all that follows.
pub(super) const WIDTH: u32 = 960;
pub(super) const MARGIN: u32 = 24;
pub(super) const CARD: u32 = 320;
const TITLE: u32 = 56;
const HEAD: u32 = 38;
const ROW: u32 = 24;
const SOURCE: u32 = 34;
const GAP: u32 = 16;

/// A stock's card.
#[derive(Debug)]
pub(super) struct StockCard<'a> {
    pub(super) y: u32,
    pub(super) height: u32,
    pub(super) stock: &'a StockNode,
    pub(super) rows: Vec<LinkRow<'a>>,
}

/// A row of a stock's card, and the curve that leads from it to the source.
#[derive(Debug)]
pub(super) struct LinkRow<'a> {
    pub(super) y: u32,
    pub(super) edge: &'a Edge,
    pub(super) source: &'a SourceNode,
    pub(super) curve: String,
}

/// A source's card.
#[derive(Debug)]
pub(super) struct SourceCard<'a> {
    pub(super) y: u32,
    pub(super) source: &'a SourceNode,
}

/// The whole picture.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub(super) height: u32,
    pub(super) stocks: Vec<StockCard<'a>>,
    pub(super) sources: Vec<SourceCard<'a>>,
}

/// Lays out a graph: stocks in their order, sources so that few curves cross.
pub(super) fn layout(graph: &Graph) -> Layout<'_> {
    let tops = stock_tops(graph);
    let left_end = tops.last().copied().unwrap_or(TITLE);
    let sources = source_tops(graph, &tops);
    let right_end = TITLE + length(graph.sources.len()) * (SOURCE + GAP / 2);
    let stocks = graph.stocks.iter().zip(&tops);
    let stocks = stocks.map(|(stock, top)| stock_card(stock, *top, graph, &sources));
    let cards = graph.sources.iter().zip(&sources);
    Layout {
        height: left_end.max(right_end) + MARGIN,
        stocks: stocks.collect(),
        sources: cards.map(|(source, y)| SourceCard { y: *y, source }).collect(),
    }
}

/// The top of each stock's card, and the end of the column.
fn stock_tops(graph: &Graph) -> Vec<u32> {
    let mut top = TITLE;
    let mut tops = vec![top];
    for stock in &graph.stocks {
        top += card_height(stock) + GAP;
        tops.push(top);
    }
    tops
}

fn card_height(stock: &StockNode) -> u32 {
    HEAD + length(stock.links.len()) * ROW + GAP / 2
}

fn row_middle(top: u32, row: usize) -> u32 {
    top + HEAD + length(row) * ROW + ROW / 2
}

/// The top of each source's card. Sources are sorted by the average height of the rows that lead to them.
fn source_tops(graph: &Graph, stock_tops: &[u32]) -> Vec<u32> {
    let mut rows = vec![(0_u64, 0_u64); graph.sources.len()];
    for (stock, top) in graph.stocks.iter().zip(stock_tops) {
        for (at, edge) in stock.links.iter().enumerate() {
            let (sum, number) = &mut rows[edge.source];
            *sum += u64::from(row_middle(*top, at));
            *number += 1;
        }
    }
    let middle = |source: &usize| rows[*source].0 / rows[*source].1.max(1);
    let mut order: Vec<usize> = (0..graph.sources.len()).collect();
    order.sort_by_key(middle);
    let mut tops = vec![0; order.len()];
    let mut top = TITLE;
    for source in order {
        tops[source] = top;
        top += SOURCE + GAP / 2;
    }
    tops
}

fn stock_card<'a>(stock: &'a StockNode, top: u32, graph: &'a Graph, sources: &[u32]) -> StockCard<'a> {
    let rows = stock.links.iter().enumerate().map(|(at, edge)| {
        let y = row_middle(top, at);
        LinkRow {
            y,
            edge,
            source: &graph.sources[edge.source],
            curve: curve(y, sources[edge.source] + SOURCE / 2),
        }
    });
    StockCard {
        y: top,
        height: card_height(stock),
        stock,
        rows: rows.collect(),
    }
}

/// From the right edge of a row to the left edge of a source.
fn curve(from: u32, to: u32) -> String {
    let (left, right) = (MARGIN + CARD, WIDTH - MARGIN - CARD);
    let middle = u32::midpoint(left, right);
    format!("M{left} {from} C{middle} {from} {middle} {to} {right} {to}")
}

fn length(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX / (ROW + SOURCE + GAP))
}
