//! The status of a target: the table that Admin's Stocks grid shows, and whether it is as wanted.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use schemars::JsonSchema;
use serde::Serialize;

use super::index::{IndexReport, index_text};
use super::style::{CREATE, MOVE};
use super::words::{fitted, wrapped};
use crate::diag::{shown, visible};
use crate::model::{LiveState, SourceCode, Stock};
use crate::reconcile::{Plan, TargetLabel};

/// The version of the status's JSON.
pub const STATUS_FORMAT: u32 = 1;

/// What a target looks like now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake status")]
pub struct StatusReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The target.
    pub target: TargetLabel,
    /// Every stock, by id.
    pub stocks: Vec<StockStatus>,
    /// Why the live state may be incomplete; empty when it is to be trusted.
    pub doubts: Vec<String>,
    /// Whether a reindex is owed, as far as this state directory remembers.
    pub reindex_owed: bool,
    /// The index of every stock but the Default Stock, where a look at it was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
}

/// One stock as it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StockStatus {
    /// Its id.
    pub stock_id: u32,
    /// Its name.
    pub name: String,
    /// The websites that sell from it.
    pub sales_channels: Vec<String>,
    /// Its sources by priority; those of equal priority by code.
    pub sources: Vec<SourceStatus>,
    /// Whether its links are as the files want them; `None` for a stock that no file owns.
    pub in_sync: Option<bool>,
}

/// One source of a stock.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceStatus {
    /// The source.
    pub source_code: SourceCode,
    /// The priority of its link.
    pub priority: u16,
    /// Whether it is enabled.
    pub enabled: bool,
}

impl StatusReport {
    /// Writes down what the live state shows, compared with a plan where there is one.
    pub fn new(target: TargetLabel, live: &LiveState, plan: Option<&Plan>, reindex_owed: bool) -> Self {
        Self {
            format_version: STATUS_FORMAT,
            target,
            stocks: live
                .stocks
                .iter()
                .map(|stock| stock_status(stock, live, plan))
                .collect(),
            doubts: live.doubts.iter().map(|doubt| doubt.reason.clone()).collect(),
            reindex_owed,
            index: None,
        }
    }
}

fn stock_status(stock: &Stock, live: &LiveState, plan: Option<&Plan>) -> StockStatus {
    let planned = plan.and_then(|plan| plan.stocks.iter().find(|planned| planned.stock_id == stock.id));
    let mut sources: Vec<SourceStatus> = live
        .links_of(stock.id)
        .iter()
        .map(|link| SourceStatus {
            source_code: link.source.clone(),
            priority: link.priority,
            enabled: live.source(&link.source).is_some_and(|source| source.enabled),
        })
        .collect();
    sources.sort_by_key(|source| source.priority);
    StockStatus {
        stock_id: stock.id.0,
        name: stock.name.as_str().to_owned(),
        sales_channels: stock
            .channels
            .iter()
            .map(|channel| channel.code.clone())
            .collect(),
        sources,
        in_sync: planned.map(crate::reconcile::StockPlan::in_sync),
    }
}

/// The status as a table, or as a list where fewer columns are at hand than a table can be read in.
pub fn status_text(report: &StatusReport, columns: Option<u16>) -> String {
    let stocks = match columns {
        Some(columns) if columns < NARROW => list(&report.stocks, columns),
        _ => table(&report.stocks, columns),
    };
    let mut out = String::new();
    for doubt in &report.doubts {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{MOVE}doubtful read:{MOVE:#} {}", visible(doubt));
    }
    let reindex = if report.reindex_owed {
        format!("{MOVE}Reindex: owed{MOVE:#}; quantities are stale until it has run")
    } else {
        format!("{CREATE}Reindex: none owed{CREATE:#}, as far as this state directory remembers")
    };
    let index = report.index.as_ref().map(index_text).unwrap_or_default();
    out = out + &reindex + "\n" + &index;
    stocks.replace(BOUND, " ") + "\n" + &fitted(&out, columns)
}

/// Below this a table's columns are too narrow for names.
const NARROW: u16 = 80;

/// Stands between a number and the source that it belongs to, so that no line ends there; shown as a blank.
const BOUND: char = '\u{e000}';

fn table(stocks: &[StockStatus], columns: Option<u16>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(columns) = columns {
        table.set_width(columns);
    }
    table.set_header(["ID", "Stock", "Sales channels", "Sources by priority", "State"]);
    for stock in stocks {
        table.add_row([
            stock.stock_id.to_string(),
            shown(&stock.name),
            channels(stock),
            sources(stock),
            state(stock).to_owned(),
        ]);
    }
    table.to_string()
}

fn list(stocks: &[StockStatus], columns: u16) -> String {
    let entries = stocks.iter().map(|stock| {
        let head = format!("{} {}: {}", stock.stock_id, shown(&stock.name), state(stock));
        let parts = [("sells for", channels(stock)), ("served by", sources(stock))];
        let told = parts.iter().filter(|(_, text)| !text.is_empty());
        let lines = told.map(|(what, text)| format!("{what} {text}"));
        let lines = lines.map(|line| wrapped(&line, columns, "  "));
        let lines: Vec<String> = std::iter::once(wrapped(&head, columns, ""))
            .chain(lines)
            .collect();
        lines.join("\n")
    });
    entries.collect::<Vec<_>>().join("\n")
}

fn channels(stock: &StockStatus) -> String {
    let codes: Vec<String> = stock.sales_channels.iter().map(|code| shown(code)).collect();
    codes.join(", ")
}

fn sources(stock: &StockStatus) -> String {
    let sources: Vec<String> = stock.sources.iter().map(source_text).collect();
    sources.join(", ")
}

fn source_text(source: &SourceStatus) -> String {
    let code = shown(source.source_code.as_str());
    if source.enabled {
        format!("{}{BOUND}{code}", source.priority)
    } else {
        format!("{}{BOUND}{code} (disabled)", source.priority)
    }
}

fn state(stock: &StockStatus) -> &'static str {
    match stock.in_sync {
        Some(true) => "in sync",
        Some(false) => "differs",
        None if stock.stock_id == 1 => "Default Stock",
        None => "unmanaged",
    }
}
