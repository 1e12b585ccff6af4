//! The status of a target as a table, or as a list on a narrow terminal.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use spanned_yaml::diag::{shown, visible};

use super::index::index_text;
use super::reindex::payer;
use super::status::{SourceStatus, StatusReport, StockStatus};
use super::style::{CREATE, MOVE};
use super::words::{fitted, wrapped};

/// The status as a table, or as a list if there are too few columns for a table.
pub fn status_text(report: &StatusReport, columns: Option<u16>) -> String {
    let stocks = match columns {
        Some(columns) if columns < NARROW => list(&report.stocks, columns),
        _ => table(&report.stocks, columns),
    };
    let mut out = String::new();
    for reason in &report.doubts {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{MOVE}the read may be incomplete:{MOVE:#} {}",
            visible(reason)
        );
    }
    let reindex = if report.reindex_owed {
        let payer = payer(report.reindex_by);
        format!("{MOVE}Reindex: owed{MOVE:#}; quantities are stale until it has run; {payer}")
    } else {
        format!("{CREATE}Reindex: none owed{CREATE:#}, according to this state directory")
    };
    let index = report.index.as_ref().map(index_text).unwrap_or_default();
    out = out + &reindex + "\n" + &index;
    stocks.replace(BOUND, " ") + "\n" + &fitted(&out, columns)
}

/// With fewer columns, those of a table are too narrow for names.
const NARROW: u16 = 80;

/// Binds a priority to its source, so that no line ends between them. It is shown as a blank.
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
        let filled = parts.iter().filter(|(_, text)| !text.is_empty());
        let lines = filled.map(|(what, text)| format!("{what} {text}"));
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

#[cfg(test)]
mod tests {
    use textwrap::core::display_width;

    use super::{SourceStatus, StockStatus, list, table};
    use crate::model::SourceCode;

    /// A stock whose names have no place to break, each of a letter of its own.
    fn endless() -> StockStatus {
        StockStatus {
            stock_id: 7,
            name: "倉".repeat(70),
            sales_channels: vec!["w".repeat(60)],
            sources: vec![SourceStatus {
                source_code: SourceCode::from_server(&"q".repeat(75)),
                priority: 65535,
                enabled: false,
            }],
            in_sync: Some(false),
        }
    }

    #[test]
    fn names_without_a_place_to_break_fit_and_are_whole() {
        let narrow = [40, 60].map(|columns| (columns, list(&[endless()], columns)));
        let wide = [80, 200].map(|columns| (columns, table(&[endless()], Some(columns))));
        for (columns, text) in narrow.into_iter().chain(wide) {
            for line in text.lines() {
                assert!(display_width(line) <= columns.into(), "{columns}: {line}");
            }
            assert_eq!(text.matches('倉').count(), 70, "{text}");
            assert_eq!(text.matches('q').count(), 75, "{text}");
            assert!(text.matches('w').count() >= 60 && !text.contains('…'), "{text}");
        }
    }
}
