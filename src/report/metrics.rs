//! What drift measures, as Prometheus reads it from a file (text format 0.0.4).

use std::fmt::Write as _;
use std::time::Duration;

use super::drift::DriftReport;
use crate::reconcile::Counts;
use crate::reconcile::index::IndexState;

/// A metric: all of its samples stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Its type, such as `gauge`.
    pub kind: &'static str,
    /// What it says, as a sentence.
    pub help: &'static str,
    /// The labels of each sample.
    pub labels: &'static [&'static str],
}

/// Declares gauges, each with its name and its labels, and a table of them all; what one says is its doc comment.
macro_rules! gauges {
    ($(#[doc = $help:literal] $name:ident = $id:literal, $labels:expr;)+) => {
        $(
            #[doc = $help]
            const $name: Metric = Metric {
                name: $id,
                kind: "gauge",
                help: $help.trim_ascii(),
                labels: $labels,
            };
        )+

        /// All of them, in the order in which they stand in the file.
        pub const METRICS: &[Metric] = &[$($name),+];
    };
}

gauges! {
    /// 1 when the last check came to a result, be it in sync or drift; 0 when it could not be told.
    UP = "stocktake_drift_up", &["target"];

    /// The exit code of the last check: 0 in sync, 2 drift, others when it could not be told.
    EXIT_CODE = "stocktake_drift_exit_code", &["target"];

    /// Links of an owned stock that are not as the files want them, by what an apply would do: create, move or delete.
    LINKS = "stocktake_drift_links", &["target", "stock", "kind"];

    /// 1 when the inventory index of an owned stock is stale, 0 when it is as links and source items predict; only with --prove.
    INDEX_STALE = "stocktake_drift_index_stale", &["target", "stock"];

    /// 1 when a reindex is owed as far as the state directory remembers, else 0.
    REINDEX_OWED = "stocktake_drift_reindex_owed", &["target"];

    /// When the last check ended, in seconds since 1970.
    LAST_RUN = "stocktake_drift_last_run_timestamp_seconds", &["target"];

    /// When the last check that came to a result ended, in seconds since 1970.
    LAST_SUCCESS = "stocktake_drift_last_success_timestamp_seconds", &["target"];

    /// How long the last check took, in seconds.
    DURATION = "stocktake_drift_duration_seconds", &["target"];

    /// How many requests the last check sent to the shop, sign-in and further tries included.
    REQUESTS = "stocktake_drift_requests", &["target"];

    /// How many bytes of answers the last check took in, as they are when unpacked.
    BYTES = "stocktake_drift_received_bytes", &["target"];
}

/// What was measured of a check of one target.
#[derive(Debug, Clone)]
pub struct Measured<'a> {
    /// The target's name; empty when it is not known which one is meant.
    pub target: &'a str,
    /// The exit code that the check had on this target.
    pub exit_code: u8,
    /// What it found, if it came to that.
    pub report: Option<&'a DriftReport>,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: i64,
    /// How long it took.
    pub duration: Duration,
    /// How many requests were sent to the shop.
    pub requests: u64,
    /// How many bytes of answers were taken in.
    pub bytes: u64,
}

/// The whole file. A check that came to no result keeps the time of the last one that did, from the file as it was before:
/// that of its target, or of every target when it is not known which one is meant.
pub fn metrics_text(measured: &[Measured<'_>], before: &str) -> String {
    let mut out = String::new();
    for metric in METRICS {
        let samples = measured.iter().flat_map(|of| samples(metric, of, before));
        let samples = samples.map(|(labels, value)| format!("{} {value}", series(metric, &labels)));
        let mut samples: Vec<String> = samples.collect();
        if *metric == LAST_SUCCESS && measured.iter().any(|of| of.target.is_empty()) {
            samples.extend(all_kept(metric, before));
        }
        if samples.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# HELP {} {}", metric.name, escaped(metric.help, false));
        let _ = writeln!(out, "# TYPE {} {}", metric.name, metric.kind);
        for sample in samples {
            let _ = writeln!(out, "{sample}");
        }
    }
    out
}

/// The values of a metric's labels, in their order.
type Labels<'a> = Vec<&'a str>;

fn samples<'a>(metric: &Metric, of: &Measured<'a>, before: &str) -> Vec<(Labels<'a>, String)> {
    let told = matches!(of.exit_code, 0 | 2);
    let one = |value: String| vec![(vec![of.target], value)];
    match *metric {
        UP => one(flag(told)),
        EXIT_CODE => one(of.exit_code.to_string()),
        LAST_RUN => one(seconds(of.ended_ms)),
        LAST_SUCCESS if told => one(seconds(of.ended_ms)),
        LAST_SUCCESS => kept(metric, of.target, before).map(one).unwrap_or_default(),
        DURATION => one(format!("{:.3}", of.duration.as_secs_f64())),
        REQUESTS => one(of.requests.to_string()),
        BYTES => one(of.bytes.to_string()),
        REINDEX_OWED => of
            .report
            .map(|report| one(flag(report.reindex_owed)))
            .unwrap_or_default(),
        LINKS => of
            .report
            .map(|report| links(of.target, report))
            .unwrap_or_default(),
        INDEX_STALE => of
            .report
            .map(|report| indexes(of.target, report))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn links<'a>(target: &'a str, report: &'a DriftReport) -> Vec<(Labels<'a>, String)> {
    let of_stock = report.plan.stocks.iter().flat_map(|stock| {
        let Counts {
            creates,
            moves,
            deletes,
        } = stock.counts();
        [("create", creates), ("move", moves), ("delete", deletes)]
            .map(|(kind, number)| (vec![target, stock.name.as_str(), kind], number.to_string()))
    });
    of_stock.collect()
}

fn indexes<'a>(target: &'a str, report: &'a DriftReport) -> Vec<(Labels<'a>, String)> {
    let stocks = report.index.iter().flat_map(|index| &index.stocks);
    let known = stocks.filter_map(|stock| {
        let stale = match &stock.index {
            IndexState::Stale { .. } => true,
            IndexState::Matches { .. } => false,
            IndexState::Unsold | IndexState::Unknown { .. } => return None,
        };
        Some((vec![target, stock.name.as_str()], flag(stale)))
    });
    known.collect()
}

/// What a file says of a target, as it was written by this program.
fn kept(metric: &Metric, target: &str, before: &str) -> Option<String> {
    let series = series(metric, &[target]);
    let value = before
        .lines()
        .find_map(|line| line.strip_prefix(&series)?.strip_prefix(' '))?;
    value.parse::<f64>().is_ok().then(|| value.to_owned())
}

/// What a file says of every target, as it was written by this program.
fn all_kept(metric: &Metric, before: &str) -> Vec<String> {
    let is_sample = |line: &&str| {
        let rest = line
            .strip_prefix(metric.name)
            .and_then(|rest| rest.strip_prefix('{'));
        let value = rest.and_then(|rest| rest.rsplit_once("\"} "));
        value.is_some_and(|(_, value)| value.parse::<f64>().is_ok())
    };
    before.lines().filter(is_sample).map(str::to_owned).collect()
}

fn series(metric: &Metric, values: &[&str]) -> String {
    let labels = metric.labels.iter().zip(values);
    let labels: Vec<String> = labels
        .map(|(label, value)| format!("{label}=\"{}\"", escaped(value, true)))
        .collect();
    format!("{}{{{}}}", metric.name, labels.join(","))
}

/// A text as the format wants it: line breaks and backslashes escaped, in the value of a label quotes too.
fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if quotes { text.replace('"', "\\\"") } else { text }
}

fn flag(is: bool) -> String {
    u8::from(is).to_string()
}

fn seconds(milliseconds: i64) -> String {
    format!(
        "{}.{:03}",
        milliseconds.div_euclid(1000),
        milliseconds.rem_euclid(1000)
    )
}
