//! The command `indexer:status`: a table of the indexers and their states.

use super::output::Output;
use super::selected;
use crate::database::store::{IndexState, Store};
use crate::index::indexer::{self, IndexerInfo};

/// Names of the columns.
const HEADER: [&str; 6] = [
    "ID",
    "Title",
    "Status",
    "Update On",
    "Schedule Status",
    "Schedule Updated",
];

/// Prints the table of the named indexers, by title.
pub fn status(store: &Store, ids: &[String]) -> Output {
    let mut chosen = match selected::indexers(store, ids) {
        Ok(chosen) => chosen,
        Err(refusal) => return refusal,
    };
    chosen.sort_by_key(|indexer| indexer.title);
    let rows: Vec<[String; 6]> = chosen.into_iter().map(|indexer| row(store, indexer)).collect();
    Output::success(draw(&rows))
}

fn row(store: &Store, declared: IndexerInfo) -> [String; 6] {
    let entry = store.index.indexers.get(declared.id).cloned().unwrap_or_default();
    let status = match entry.state {
        IndexState::Valid => "Ready",
        IndexState::Invalid => "Reindex required",
        IndexState::Working => "Processing",
    };
    let (update, backlog) = if indexer::scheduled(store, declared.id) {
        ("Schedule", format!("idle ({} in backlog)", entry.backlog))
    } else {
        ("Save", String::new())
    };
    let looked = entry.looked.unwrap_or_default();
    [
        declared.id.to_owned(),
        declared.title.to_owned(),
        status.to_owned(),
        update.to_owned(),
        backlog,
        looked,
    ]
}

fn draw(rows: &[[String; 6]]) -> String {
    let widths: [usize; 6] = std::array::from_fn(|column| {
        rows.iter()
            .map(|row| row[column].len())
            .chain([HEADER[column].len()])
            .max()
            .unwrap_or(0)
    });
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let rule = format!("+{}", dashes.join("+"));
    let mut table = format!("{rule}+\n{}{rule}+\n", line(&HEADER, &widths));
    for row in rows {
        table.push_str(&line(row, &widths));
    }
    table + &rule + "+\n"
}

fn line<T: AsRef<str>>(cells: &[T; 6], widths: &[usize; 6]) -> String {
    let padded = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("| {:width$} ", cell.as_ref()));
    padded.chain(["|\n".to_owned()]).collect()
}
