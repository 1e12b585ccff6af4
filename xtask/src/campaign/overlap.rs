//! Writes that were under way at once, by the journal: two saves at most, and never of one stock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

/// What the journals of a run tell.
#[derive(Debug, Default)]
pub struct Overlap {
    /// The number of writes began while the journal had no end yet of another one of the same command.
    pub writes: u64,
    /// What must not be.
    pub wrong: Vec<String>,
}

/// Reads the journals in a state directory.
pub fn overlap(state: &Path) -> Overlap {
    let mut overlap = Overlap::default();
    for target in std::fs::read_dir(state).into_iter().flatten().flatten() {
        let journal = std::fs::read_to_string(target.path().join("journal.jsonl")).unwrap_or_default();
        overlap.read(&journal);
    }
    overlap
}

impl Overlap {
    fn read(&mut self, journal: &str) {
        let mut run = Value::Null;
        let mut under_way: BTreeMap<String, Value> = BTreeMap::new();
        // A line that was cut off by a kill ends with its run.
        for line in journal
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        {
            if line["run"] != run {
                run = line["run"].clone();
                under_way.clear();
            }
            if line["event"] == "write_begins" {
                self.begins(&line, &under_way);
                under_way.insert(line["at"].to_string(), line);
            } else if line["event"] == "write_ends" || line["event"] == "write_answered" {
                under_way.remove(&line["began"].to_string());
            }
        }
    }

    fn begins(&mut self, line: &Value, under_way: &BTreeMap<String, Value>) {
        self.writes += u64::from(!under_way.is_empty());
        if under_way.len() > 1 {
            self.wrong.push(format!(
                "{} writes are under way when another one begins",
                under_way.len()
            ));
        }
        for other in under_way.values() {
            if !is_save(line) || !is_save(other) {
                self.wrong
                    .push("a delete is under way while another write is".to_owned());
            }
            let shared: Vec<u64> = stocks(line).intersection(&stocks(other)).copied().collect();
            if !shared.is_empty() {
                self.wrong.push(format!(
                    "two writes to the stocks {shared:?} are under way at once"
                ));
            }
        }
    }
}

fn links(line: &Value) -> impl Iterator<Item = &Value> {
    line["links"].as_array().into_iter().flatten()
}

fn stocks(line: &Value) -> BTreeSet<u64> {
    links(line).filter_map(|link| link["stock_id"].as_u64()).collect()
}

fn is_save(line: &Value) -> bool {
    links(line).any(|link| !link["priority"].is_null())
}
