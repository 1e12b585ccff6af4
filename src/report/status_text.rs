//! The status of a target as a table; as a list on a narrow terminal and where no terminal is.

use std::fmt::Write as _;

use spanned_yaml::diag::{joined, shown, visible};

use super::index::index_text;
use super::reindex::payer;
use super::status::{SourceStatus, StatusReport, StockStatus};
use super::style::{CREATE, MOVE};
use super::table::{entry, narrow, table};
use super::view::shown_words;
use super::words::{fitted, whole_second};
use crate::run::ReindexBy;

/// The status as a table, or as a list where a terminal has too few columns for a table, or there is none.
pub fn status_text(report: &StatusReport, columns: Option<u16>) -> String {
    let stocks = stocks_text(report, columns);
    let mut out = String::new();
    // Writing to a String cannot fail.
    if let Some(scope) = &report.scope {
        let _ = writeln!(out, "{}", shown_words(scope, |name| format!("`{}`", shown(name))));
    }
    if report.stocks.iter().any(|stock| is_folded(report, stock)) {
        out += "Of long lists the first sources are shown; `--stock NAME` and `--format json` show all\n";
    }
    if !report.compared {
        out +=
            "Not compared: there is no inventory file; `stocktake export --out inventory.yaml` writes one\n";
    }
    for reason in &report.doubts {
        let reason = visible(reason);
        let _ = writeln!(out, "{MOVE}the read may be incomplete:{MOVE:#} {reason}");
    }
    let reindex = if report.reindex_owed {
        format!("{MOVE}Reindex: owed{MOVE:#}{}", owed_text(report))
    } else {
        format!("{CREATE}Reindex: none owed{CREATE:#}, according to this state directory")
    };
    let index = report.index.as_ref().map(index_text).unwrap_or_default();
    out = out + &reindex + "\n" + &index;
    stocks.replace(BOUND, " ") + "\n" + &fitted(&out, columns)
}

/// What settles the reindex that is owed. Nothing is read to see whether the shop's cron has run.
fn owed_text(report: &StatusReport) -> String {
    match (report.reindex_by, report.owed_since) {
        (ReindexBy::Cron, Some(since)) => format!(
            ", unless the shop's cron has run since {}; `stocktake drift` looks whether it has",
            whole_second(&since.to_string())
        ),
        (by, _) => format!("; quantities are stale until it has run; {}", payer(by)),
    }
}

/// Binds a priority to its source, so that no line ends between them. It is shown as a blank.
const BOUND: char = '\u{e000}';

/// The columns of a list where no terminal says how many there are.
const WITHOUT_TERMINAL: u16 = 100;

/// A stock with more sources than this is folded.
const MOST_SOURCES: usize = 12;

/// The sources that are shown of a folded stock.
const FIRST_SOURCES: usize = 10;

/// Stocks that were named are never folded.
fn is_folded(report: &StatusReport, stock: &StockStatus) -> bool {
    report.scope.is_none() && stock.sources.len() > MOST_SOURCES
}

fn stocks_text(report: &StatusReport, columns: Option<u16>) -> String {
    let rows = report.stocks.iter().map(|stock| {
        let id = stock.stock_id.to_string();
        let state = if report.compared { state(stock) } else { "" };
        [
            id,
            shown(&stock.name),
            channels_text(stock),
            sources_text(report, stock),
            state.to_owned(),
        ]
    });
    let Some(columns) = columns.map_or(Some(WITHOUT_TERMINAL), |columns| narrow(Some(columns))) else {
        let header = ["ID", "Stock", "Sales channels", "Sources by priority", "State"];
        if report.compared {
            return table(header, rows, columns);
        }
        let [id, stock, channels, sources, _] = header;
        let rows = rows.map(|[id, stock, channels, sources, _]| [id, stock, channels, sources]);
        return table([id, stock, channels, sources], rows, columns);
    };
    let entries = rows.map(|[id, name, channels, sources, state]| {
        let parts = [("sells for", channels), ("served by", sources)];
        let head = if state.is_empty() || state == name {
            format!("{id} {name}")
        } else {
            format!("{id} {name}: {state}")
        };
        entry(&head, &parts, columns)
    });
    joined(entries, "\n")
}

fn channels_text(stock: &StockStatus) -> String {
    if stock.sales_channels.is_empty() {
        return "no website".to_owned();
    }
    joined(stock.sales_channels.iter().map(|code| shown(code)), ", ")
}

fn sources_text(report: &StatusReport, stock: &StockStatus) -> String {
    if stock.sources.is_empty() {
        return "no source".to_owned();
    }
    if !is_folded(report, stock) {
        return joined(stock.sources.iter().map(source_text), ", ");
    }
    let first = joined(stock.sources[..FIRST_SOURCES].iter().map(source_text), ", ");
    format!(
        "{first}, …{BOUND}{}{BOUND}more",
        stock.sources.len() - FIRST_SOURCES
    )
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

    use super::{SourceStatus, StatusReport, StockStatus, status_text};
    use crate::model::SourceCode;
    use crate::reconcile::TargetLabel;
    use crate::report::STATUS_FORMAT;
    use crate::run::ReindexBy;

    fn report(stocks: Vec<StockStatus>) -> StatusReport {
        let (name, url) = ("shop".to_owned(), "https://shop.example.com/".to_owned());
        StatusReport {
            format_version: STATUS_FORMAT,
            target: TargetLabel { name, url },
            scope: None,
            compared: true,
            stocks,
            doubts: Vec::new(),
            reindex_owed: false,
            owed_since: None,
            reindex_by: ReindexBy::Cron,
            index: None,
        }
    }

    fn source(code: &str, priority: u16) -> SourceStatus {
        SourceStatus {
            source_code: SourceCode::from_server(code),
            priority,
            enabled: true,
        }
    }

    /// A stock whose names have no place to break, each of a letter of its own.
    fn endless() -> StockStatus {
        StockStatus {
            stock_id: 7,
            name: "倉".repeat(70),
            sales_channels: vec!["w".repeat(60)],
            sources: vec![source(&"q".repeat(75), 65535)],
            in_sync: Some(false),
        }
    }

    /// A stock with many sources.
    fn large(stock_id: u32, sources: u16) -> StockStatus {
        let source = |at: u16| source(&format!("warehouse_{at:03}"), at);
        StockStatus {
            stock_id,
            name: format!("Stock {stock_id}"),
            sales_channels: Vec::new(),
            sources: (1..=sources).map(source).collect(),
            in_sync: Some(true),
        }
    }

    #[test]
    fn names_without_a_place_to_break_fit_and_are_whole() {
        for columns in [40, 60, 80, 200] {
            let text = status_text(&report(vec![endless()]), Some(columns));
            for line in text.lines() {
                assert!(display_width(line) <= columns.into(), "{columns}: {line}");
            }
            assert_eq!(text.matches('倉').count(), 70, "{text}");
            assert_eq!(text.matches('q').count(), 75, "{text}");
            assert!(text.matches('w').count() >= 60 && !text.contains('…'), "{text}");
        }
    }

    #[test]
    fn headings_are_whole_at_every_width_of_a_table() {
        for columns in 80..140 {
            let text = status_text(&report(vec![endless(), large(2, 9)]), Some(columns));
            let head: Vec<&str> = text.lines().nth(1).unwrap_or_default().split("  ").collect();
            let head: Vec<&str> = head.iter().map(|part| part.trim_matches(['│', ' '])).collect();
            for heading in ["ID", "Stock", "Sales channels", "Sources by priority", "State"] {
                assert!(head.contains(&heading), "{columns}: {text}");
            }
        }
    }

    #[test]
    fn a_hundred_stocks_of_two_hundred_sources_are_folded() {
        let stocks = (2..102).map(|id| large(id, 200)).collect();
        let report = report(stocks);
        for columns in [None, Some(60), Some(80), Some(120)] {
            let text = status_text(&report, columns);
            assert_eq!(text.matches("… 190 more").count(), 100, "{text}");
            assert!(text.lines().count() <= 12 * 100, "{}", text.lines().count());
            assert!(text.contains("Of long lists the first"), "{text}");
            let widest = text.lines().map(display_width).max().unwrap_or(0);
            assert!(widest <= columns.unwrap_or(120).into(), "{widest}");
        }
        let all = status_text(
            &StatusReport {
                stocks: vec![large(2, 12)],
                ..report
            },
            None,
        );
        assert!(all.contains("12 warehouse_012") && !all.contains("more"), "{all}");
    }

    #[test]
    fn what_a_stock_lacks_is_said() {
        let text = status_text(&report(vec![large(2, 0)]), None);
        assert!(
            text.starts_with("2 Stock 2: in sync\n  sells for no website\n  served by no source\n"),
            "{text}"
        );
    }

    #[test]
    fn without_files_no_stock_is_in_sync_or_not() {
        for columns in [None, Some(80)] {
            let report = StatusReport {
                compared: false,
                ..report(vec![StockStatus {
                    in_sync: None,
                    ..large(2, 3)
                }])
            };
            let text = status_text(&report, columns);
            assert!(!text.contains("State") && !text.contains("unmanaged"), "{text}");
            assert!(
                text.contains("Not compared: there is no inventory file"),
                "{text}"
            );
        }
    }
}
