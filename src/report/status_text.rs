//! The status of a target as a table, or as a list on a narrow terminal.

use std::fmt::Write as _;

use spanned_yaml::diag::{joined, shown, visible};

use super::index::index_text;
use super::reindex::payer;
use super::status::{SourceStatus, StatusReport, StockStatus};
use super::style::{CREATE, MOVE};
use super::table::{entry, narrow, table};
use super::words::fitted;

/// The status as a table, or as a list if there are too few columns for a table.
pub fn status_text(report: &StatusReport, columns: Option<u16>) -> String {
    let stocks = stocks_text(&report.stocks, columns);
    let mut out = String::new();
    for reason in &report.doubts {
        let reason = visible(reason);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{MOVE}the read may be incomplete:{MOVE:#} {reason}");
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

/// Binds a priority to its source, so that no line ends between them. It is shown as a blank.
const BOUND: char = '\u{e000}';

fn stocks_text(stocks: &[StockStatus], columns: Option<u16>) -> String {
    let rows = stocks.iter().map(|stock| {
        let channels = joined(stock.sales_channels.iter().map(|code| shown(code)), ", ");
        let sources = joined(stock.sources.iter().map(source_text), ", ");
        let (id, state) = (stock.stock_id.to_string(), state(stock).to_owned());
        [id, shown(&stock.name), channels, sources, state]
    });
    let Some(columns) = narrow(columns) else {
        let header = ["ID", "Stock", "Sales channels", "Sources by priority", "State"];
        return table(header, rows, columns);
    };
    let entries = rows.map(|[id, name, channels, sources, state]| {
        let parts = [("sells for", channels), ("served by", sources)];
        entry(&format!("{id} {name}: {state}"), &parts, columns)
    });
    joined(entries, "\n")
}

fn source_text(source: &SourceStatus) -> String {
    let code = shown(source.source_code.as_str());
    let disabled = if source.enabled { "" } else { " (disabled)" };
    format!("{}{BOUND}{code}{disabled}", source.priority)
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

    use super::{SourceStatus, StockStatus, stocks_text};
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
        for columns in [40, 60, 80, 200] {
            let text = stocks_text(&[endless()], Some(columns));
            for line in text.lines() {
                assert!(display_width(line) <= columns.into(), "{columns}: {line}");
            }
            assert_eq!(text.matches('倉').count(), 70, "{text}");
            assert_eq!(text.matches('q').count(), 75, "{text}");
            assert!(text.matches('w').count() >= 60 && !text.contains('…'), "{text}");
        }
    }
}
