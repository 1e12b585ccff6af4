//! Finds the run that has applied a plan.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::entry::{Effect, Entry, Line};
use super::error::JournalError;
use super::file::Journal;
use super::folder::{JOURNAL, at};
use crate::disk;
use crate::model::{SourceCode, StockId};
use crate::reconcile::{Plan, plan_digest};

/// A link with its priority after a write; `None` if it is deleted.
type Written = (StockId, SourceCode, Option<u16>);

impl Journal {
    /// When a run had made every change of a plan; `None` if no run of this journal has.
    pub(in crate::run) fn applied(&self, plan: &Plan) -> Result<Option<Timestamp>, JournalError> {
        let path = self.folder.at(JOURNAL);
        let bytes = disk::read(&path, disk::LARGEST_DOCUMENT).map_err(at(&path))?;
        let changes = plan.stocks.iter().flat_map(|stock| {
            let changes = stock.changes.iter();
            changes.map(|change| (stock.stock_id, change.source_code().clone(), change.wanted()))
        });
        let (digest, changes) = (plan_digest(plan), changes.collect());
        Ok(applied(&bytes, &self.target.url, &digest, changes))
    }
}

/// When the last of those changes was made by runs that applied the plan of that digest.
fn applied(bytes: &[u8], url: &str, digest: &str, changes: HashSet<Written>) -> Option<Timestamp> {
    let mut begun: HashMap<Timestamp, Vec<Written>> = HashMap::new();
    let mut last = None;
    let mut missing = changes;
    for line in bytes.split(|byte| *byte == b'\n') {
        // Lines that cannot be read were skipped or refused when the journal was opened.
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            continue;
        };
        if line.url != url {
            continue;
        }
        let ended = match line.entry {
            Entry::WriteBegins(write) if line.plan_sha256.as_deref() == Some(digest) => {
                let links = write.links.into_iter();
                let links: Vec<Written> = links
                    .map(|link| (link.stock_id, link.source_code, link.priority))
                    .collect();
                // A second attempt: the first did not do all of it.
                missing.extend(links.iter().cloned());
                begun.insert(line.at, links);
                last = Some(line.at);
                continue;
            }
            Entry::WriteEnds {
                began,
                effect: Effect::Some,
            } => began.or(last),
            Entry::WriteSettled { began, seen: true } => Some(began),
            _ => continue,
        };
        for link in ended.and_then(|began| begun.remove(&began)).unwrap_or_default() {
            missing.remove(&link);
            if missing.is_empty() {
                return Some(line.at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{SourceCode, StockId, Written, applied};

    const URL: &str = "https://shop.example.com/";

    /// The changes of a plan: one of each kind.
    fn changes() -> Vec<Written> {
        let link = |code, priority| (StockId(2), SourceCode::from_server(code), priority);
        vec![link("a", Some(1)), link("b", Some(7)), link("c", None)]
    }

    fn line(second: u32, event: &Value) -> String {
        let mut line = json!({
            "at": time(second), "run": "r", "target": "shop", "url": URL, "actor": "someone", "plan_sha256": "digest",
        });
        for (key, value) in event.as_object().unwrap() {
            line[key] = value.clone();
        }
        format!("{line}\n")
    }

    fn time(second: u32) -> String {
        format!("2026-01-01T00:00:{second:02}Z")
    }

    /// A write of some of the changes.
    fn begins(second: u32, written: std::ops::Range<usize>) -> String {
        let links = changes()[written]
            .iter()
            .map(|(stock, source, priority)| {
                json!({ "stock_id": stock, "source_code": source, "priority": priority })
            })
            .collect::<Vec<_>>();
        line(
            second,
            &json!({
                "event": "write_begins", "links": links, "needs_reindex": true, "live_sha256": "", "timeout_seconds": 9,
            }),
        )
    }

    fn ends(second: u32, began: u32, effect: &str) -> String {
        line(
            second,
            &json!({ "event": "write_ends", "began": time(began), "effect": effect }),
        )
    }

    fn found(lines: &[String]) -> Option<String> {
        let changes = changes().into_iter().collect();
        applied(lines.concat().as_bytes(), URL, "digest", changes).map(|at| at.to_string())
    }

    #[test]
    fn a_plan_is_applied_when_its_last_change_is_made() {
        let lines = [begins(1, 0..2), ends(2, 1, "some"), begins(3, 2..3)];
        assert_eq!(found(&lines), None);
        let whole = [&lines[..], &[ends(4, 3, "some")]].concat();
        assert_eq!(found(&whole), Some(time(4)));
        for effect in ["none", "unknown"] {
            let undone = [&lines[..], &[ends(4, 3, effect)]].concat();
            assert_eq!(found(&undone), None, "{effect}");
        }
        // A later run has seen the effect of the last write.
        let settled =
            json!({ "event": "write_settled", "began": time(3), "seen": true, "plan_sha256": null });
        let seen = [&lines[..], &[ends(4, 3, "unknown"), line(9, &settled)]].concat();
        assert_eq!(found(&seen), Some(time(9)));
    }

    #[test]
    fn a_second_attempt_counts_when_it_has_ended() {
        let lines = [
            begins(1, 0..2),
            ends(2, 1, "some"),
            begins(3, 0..1),
            begins(4, 2..3),
            ends(5, 4, "some"),
        ];
        assert_eq!(found(&lines), None);
        let ended = [&lines[..], &[ends(6, 3, "some")]].concat();
        assert_eq!(found(&ended), Some(time(6)));
    }

    #[test]
    fn other_plans_and_shops_do_not_count() {
        let lines = [begins(1, 0..3), ends(2, 1, "some")].concat();
        let made = |url, digest, changes: &[Written]| {
            applied(lines.as_bytes(), url, digest, changes.iter().cloned().collect())
        };
        assert!(made(URL, "digest", &changes()).is_some());
        assert_eq!(made("https://other.example.com/", "digest", &changes()), None);
        assert_eq!(made(URL, "other", &changes()), None);
    }
}
