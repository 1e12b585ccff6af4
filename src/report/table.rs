//! Rows for a terminal: as a table, or as a list where a table would be too narrow for names.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use spanned_yaml::diag::joined;
use textwrap::core::display_width;

use super::words::wrapped;

/// With fewer columns, those of a table are too narrow for names and addresses.
const NARROW: u16 = 80;

/// The blanks on both sides of a cell.
const PADDING: u16 = 2;

/// The columns, if there are too few of them for a table.
pub(super) fn narrow(columns: Option<u16>) -> Option<u16> {
    columns.filter(|columns| *columns < NARROW)
}

/// The rows as a table, of so many columns at most. A column is at least as wide as its heading.
pub(super) fn table<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    columns: Option<u16>,
) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    if let Some(columns) = columns {
        table.set_width(columns);
    }
    table.add_rows(rows);
    let free = table.to_string();
    // The headings stand in the second line, below the border.
    let headings = free.lines().nth(1).unwrap_or_default();
    if header.iter().all(|heading| headings.contains(heading)) {
        return free;
    }
    // Bounds only where they are needed: a bounded column takes none of the room that others leave.
    for (column, heading) in table.column_iter_mut().zip(header) {
        let width = u16::try_from(display_width(heading)).unwrap_or(u16::MAX);
        let padded = width.saturating_add(PADDING);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(padded)));
    }
    table.to_string()
}

/// A row as an entry of a list: its head, and below it each part that is not empty, with the words before it.
pub(super) fn entry(head: &str, parts: &[(&str, String)], columns: u16) -> String {
    let filled = parts.iter().filter(|(_, text)| !text.is_empty());
    let lines = filled.map(|(what, text)| wrapped(&format!("{what} {text}"), columns, "  "));
    joined(std::iter::once(wrapped(head, columns, "")).chain(lines), "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 4] = ["ID", "Sales channels", "Sources by priority", "State"];

    fn shown(sources: &str, columns: u16) -> String {
        let row = ["2", "ca_site", sources, "in sync"].map(str::to_owned);
        table(HEADER, std::iter::once(row), Some(columns))
    }

    #[test]
    fn headings_stay_whole_and_tables_fit() {
        let long = "1 northeast_warehouse, ".repeat(9);
        for columns in 80..=120 {
            for sources in ["", "1 hq", long.as_str(), "w".repeat(200).as_str()] {
                let text = shown(sources, columns);
                let headings = text.lines().nth(1).unwrap();
                assert!(HEADER.iter().all(|heading| headings.contains(heading)), "{text}");
                assert!(
                    text.lines().all(|line| display_width(line) <= columns.into()),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_long_cell_gets_the_room_that_is_left() {
        let text = shown(&"1 hq, ".repeat(40), 100);
        assert!(display_width(text.lines().next().unwrap()) > 90, "{text}");
    }
}
