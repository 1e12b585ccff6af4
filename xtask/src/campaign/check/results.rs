//! What a report says of each change is true.

use commerce_sandbox::Logged;
use serde_json::Value;

use super::names;
use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{Key, fold};

/// One change of a report.
struct ReportedLink {
    key: Key,
    wanted: Option<i64>,
    result: String,
}

/// True if every change has that result.
pub fn all(document: &Value, result: &str) -> bool {
    reported(document).iter().all(|change| change.result == result)
}

/// Gives what is not true.
pub fn check(played: &Played<'_>, document: &Value) -> Vec<String> {
    let changes = reported(document);
    let lies = changes.iter().filter_map(|change| {
        let lie = lie(played, change)?;
        Some(format!(
            "{}/{} is told as {}: {lie}",
            change.key.0, change.key.1, change.result
        ))
    });
    lies.collect()
}

fn reported(document: &Value) -> Vec<ReportedLink> {
    let stocks = document["stocks"].as_array().into_iter().flatten();
    let changes = stocks.flat_map(|stock| {
        let id = stock["stock_id"].as_i64().unwrap_or_default();
        let changes = stock["changes"].as_array().into_iter().flatten();
        changes.map(move |change| ReportedLink {
            key: (id, fold(change["source_code"].as_str().unwrap_or_default())),
            wanted: match change["action"].as_str() {
                Some("create") => change["priority"].as_i64(),
                Some("move") => change["after"].as_i64(),
                _ => None,
            },
            result: change["result"].as_str().unwrap_or_default().to_owned(),
        })
    });
    changes.collect()
}

fn lie(played: &Played<'_>, change: &ReportedLink) -> Option<&'static str> {
    let key = &change.key;
    let own: Vec<&Logged> = played.own_writes().filter(|logged| names(logged, key)).collect();
    match change.result.as_str() {
        "done" => {
            let stood = played
                .moments()
                .any(|(logged, table)| names(logged, key) && table.get(key).copied() == change.wanted);
            (!stood).then_some("it never stood so")
        }
        "failed" if played.others_touched(key) => None,
        "failed" | "not_tried" => {
            let written = own.iter().any(|logged| logged.committed);
            let comes = own.iter().any(|logged| logged.faults.contains(&"late_commit"));
            if written {
                Some("it was written")
            } else if comes {
                Some("it may still be written")
            } else if change.result == "failed" && own.is_empty() {
                Some("it was never sent")
            } else {
                None
            }
        }
        "unknown" => {
            // No refusal is believed without a read, and the last read may have been unknown.
            let plain = own
                .iter()
                .all(|logged| logged.status == 200 && logged.faults.is_empty());
            (plain && played.ended.signals == 0).then_some("every write of it was answered plainly")
        }
        _ => Some("no such result"),
    }
}
