//! Sums up the runs of a journal: who ran each, and the links that it wrote. Pure.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::entry::{Effect, Entry, Line, Write};
use crate::model::{SourceCode, StockId};

/// A run, by its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSummary {
    /// The person or account that ran it.
    pub actor: String,
    /// The links that it wrote, or may have written.
    links: BTreeSet<(StockId, SourceCode)>,
}

impl RunSummary {
    /// The number of links that it wrote, or may have written.
    pub fn changes(&self) -> usize {
        self.links.len()
    }
}

/// The runs of one shop by their ids. Lines that cannot be read are passed over: nothing is decided by a summary.
pub(super) fn summaries(bytes: &[u8], url: &str) -> HashMap<String, RunSummary> {
    let mut runs: HashMap<String, RunSummary> = HashMap::new();
    let mut begun: HashMap<Timestamp, (String, Write)> = HashMap::new();
    let mut last = None;
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    for line in lines.filter(|line| line.url == url) {
        let run = runs.entry(line.run.clone()).or_default();
        run.actor.clone_from(&line.actor);
        let (began, took_effect) = match line.entry {
            Entry::WriteBegins(write) => {
                begun.insert(line.at, (line.run, write));
                last = Some(line.at);
                continue;
            }
            Entry::WriteEnds { began, effect } => (began.or(last), effect != Effect::None),
            Entry::WriteSettled { began, seen } => (Some(began), seen),
            _ => continue,
        };
        let written = began.filter(|_| took_effect).and_then(|began| begun.get(&began));
        let Some((run, write)) = written else { continue };
        let links = write.links.iter();
        runs.entry(run.clone())
            .or_default()
            .links
            .extend(links.map(|link| (link.stock_id, link.source_code.clone())));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::summaries;

    const URL: &str = "https://a.example/";

    fn line(second: u8, run: &str, actor: &str, event: &str) -> String {
        format!(
            r#"{{"at":"2026-01-01T00:00:0{second}Z","run":"{run}","target":"shop","url":"{URL}","actor":"{actor}",{event}}}"#
        ) + "\n"
    }

    fn write(codes: &[&str]) -> String {
        let link = |code: &&str| format!(r#"{{"stock_id":2,"source_code":"{code}","priority":1}}"#);
        let links: Vec<String> = codes.iter().map(link).collect();
        format!(
            r#""event":"write_begins","links":[{}],"needs_reindex":true,"live_sha256":"","timeout_seconds":9"#,
            links.join(",")
        )
    }

    fn ends(began: u8, effect: &str) -> String {
        format!(r#""event":"write_ends","began":"2026-01-01T00:00:0{began}Z","effect":"{effect}""#)
    }

    #[test]
    fn a_run_counts_each_link_once_and_none_that_was_refused() {
        let journal = [
            line(1, "r1", "ann", &write(&["a", "b"])),
            line(2, "r1", "ann", &ends(1, "unknown")),
            line(3, "r1", "ann", &write(&["a", "b"])),
            line(4, "r1", "ann", &ends(3, "some")),
            line(5, "r1", "ann", &write(&["c"])),
            line(6, "r1", "ann", &ends(5, "none")),
            // A killed run, whose write the next one finds.
            line(7, "r2", "bob", &write(&["d"])),
            line(
                8,
                "r3",
                "eve",
                r#""event":"write_settled","began":"2026-01-01T00:00:07Z","seen":true"#,
            ),
            r#"{"at":"2026-01"#.to_owned(),
        ];
        let runs = summaries(journal.concat().as_bytes(), URL);
        let of = |run: &str| (runs[run].actor.as_str(), runs[run].changes());
        assert_eq!(
            [of("r1"), of("r2"), of("r3")],
            [("ann", 2), ("bob", 1), ("eve", 0)]
        );
        assert!(summaries(journal.concat().as_bytes(), "https://b.example/").is_empty());
    }
}
