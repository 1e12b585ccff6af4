//! The metrics of drift, in a file for Prometheus (text format 0.0.4).

use std::fmt::Write as _;
use std::time::Duration;

use spanned_yaml::diag::joined;

use super::drift::DriftReport;
use crate::reconcile::Counts;
use crate::reconcile::index::{Extent, IndexState};
use crate::run::Exit;

/// A metric. All its samples stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Its type, such as `gauge`.
    pub kind: &'static str,
    /// Its meaning as a sentence.
    pub help: &'static str,
    /// The labels of each sample.
    pub labels: &'static [&'static str],
}

/// Declares gauges with their names and labels, and a table of them all. The help text of a gauge is its doc comment.
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
    /// 1 when the last check had a result (in sync or drift); 0 when that is unknown.
    UP = "stocktake_drift_up", &["target"];

    /// The exit code of the last check: 0 in sync, 2 drift, others when that is unknown.
    EXIT_CODE = "stocktake_drift_exit_code", &["target"];

    /// Links of an owned stock that differ from the files, by the change of an apply: create, move or delete.
    LINKS = "stocktake_drift_links", &["target", "stock", "kind"];

    /// Sources of an owned stock that are not at their wanted place among the others; an apply reorders them.
    REORDERED = "stocktake_drift_reordered_sources", &["target", "stock"];

    /// Priorities of an owned stock that differ although their sources stand in the wanted order, or share one; an apply renumbers them.
    RENUMBERED = "stocktake_drift_renumbered_links", &["target", "stock"];

    /// 1 when the inventory index of an owned stock is stale, 0 when it matches links and source items; only with --prove.
    INDEX_STALE = "stocktake_drift_index_stale", &["target", "stock"];

    /// Products of an owned stock whose quantity in the inventory index is proven; only with --prove.
    INDEX_PROVEN = "stocktake_drift_index_proven_skus", &["target", "stock"];

    /// Products of an owned stock that links and source items foretell a quantity of in the inventory index; only with --prove.
    INDEX_PREDICTED = "stocktake_drift_index_predicted_skus", &["target", "stock"];

    /// 1 when a reindex is owed according to the state directory, else 0.
    REINDEX_OWED = "stocktake_drift_reindex_owed", &["target"];

    /// When the last check ended, in seconds since 1970.
    LAST_RUN = "stocktake_drift_last_run_timestamp_seconds", &["target"];

    /// When the last check with a result ended, in seconds since 1970.
    LAST_SUCCESS = "stocktake_drift_last_success_timestamp_seconds", &["target"];

    /// The duration of the last check, in seconds.
    DURATION = "stocktake_drift_duration_seconds", &["target"];

    /// Requests that the last check sent to the shop, with sign-in and retries.
    REQUESTS = "stocktake_drift_requests", &["target"];

    /// Bytes of responses that the last check received, uncompressed.
    BYTES = "stocktake_drift_received_bytes", &["target"];
}

/// The measurements of one check of one target.
#[derive(Debug, Clone)]
pub struct Measured<'a> {
    /// The target's name; empty when the target is unknown.
    pub target: &'a str,
    /// The exit code that the check had on this target.
    pub exit_code: Exit,
    /// The report, if there is one.
    pub report: Option<&'a DriftReport>,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: i64,
    /// Its duration.
    pub duration: Duration,
    /// The number of requests sent to the shop.
    pub requests: u64,
    /// The bytes of responses received.
    pub bytes: u64,
}

/// The whole file. A check without a result takes the time of the last success from `before`, the old file: that of its
/// target, or of every target when its target is unknown.
pub fn metrics_text(measured: &[Measured<'_>], before: &str) -> String {
    let mut out = String::new();
    for metric in METRICS {
        let samples = measured.iter().flat_map(|of| samples(metric, of, before));
        let samples = samples.map(|(labels, value)| format!("{} {value}", series(metric, &labels)));
        let mut samples: Vec<String> = samples.collect();
        if *metric == LAST_SUCCESS && measured.iter().any(|of| of.target.is_empty()) {
            samples.extend(all_earlier(metric, before));
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

/// The labels and the value of each sample.
type Samples<'a> = Vec<(Labels<'a>, String)>;

fn samples<'a>(metric: &Metric, of: &Measured<'a>, before: &str) -> Samples<'a> {
    let known = matches!(of.exit_code, Exit::Done | Exit::Changes);
    let one = |value: String| vec![(vec![of.target], value)];
    let of_report =
        |samples: &dyn Fn(&'a DriftReport) -> Samples<'a>| of.report.map(samples).unwrap_or_default();
    match *metric {
        UP => one(flag(known)),
        EXIT_CODE => one(of.exit_code.code().to_string()),
        LAST_RUN => one(seconds(of.ended_ms)),
        LAST_SUCCESS if known => one(seconds(of.ended_ms)),
        LAST_SUCCESS => earlier(metric, of.target, before).map(one).unwrap_or_default(),
        DURATION => one(format!("{:.3}", of.duration.as_secs_f64())),
        REQUESTS => one(of.requests.to_string()),
        BYTES => one(of.bytes.to_string()),
        REINDEX_OWED => of_report(&|report| one(flag(report.reindex_owed))),
        LINKS => of_report(&|report| links(of.target, report)),
        REORDERED => of_report(&|report| stocks(of.target, report, |counts| counts.reorders)),
        RENUMBERED => of_report(&|report| stocks(of.target, report, |counts| counts.renumbers)),
        INDEX_STALE => of_report(&|report| indexes(of.target, report, |_, stale| flag(stale))),
        INDEX_PROVEN => of_report(&|report| indexes(of.target, report, |extent, _| extent.skus.to_string())),
        INDEX_PREDICTED => {
            of_report(&|report| indexes(of.target, report, |extent, _| extent.predicted.to_string()))
        }
        _ => Vec::new(),
    }
}

fn links<'a>(target: &'a str, report: &'a DriftReport) -> Samples<'a> {
    let of_stock = report.plan.stocks.iter().flat_map(|stock| {
        let counts = stock.counts();
        [
            ("create", counts.creates),
            ("move", counts.moves),
            ("delete", counts.deletes),
        ]
        .map(|(kind, number)| (vec![target, stock.name.as_str(), kind], number.to_string()))
    });
    of_stock.collect()
}

/// A number of each owned stock.
fn stocks<'a>(target: &'a str, report: &'a DriftReport, number: fn(Counts) -> u32) -> Samples<'a> {
    let stocks = report.plan.stocks.iter();
    let stocks = stocks.map(|stock| {
        let labels = vec![target, stock.name.as_str()];
        (labels, number(stock.counts()).to_string())
    });
    stocks.collect()
}

/// A value of each index that could be checked, by its extent and whether it is stale.
fn indexes<'a>(
    target: &'a str,
    report: &'a DriftReport,
    value: impl Fn(&Extent, bool) -> String,
) -> Samples<'a> {
    let stocks = report.index.iter().flat_map(|index| &index.stocks);
    let known = stocks.filter_map(|stock| {
        let value = match &stock.index {
            IndexState::Stale { extent, .. } => value(extent, true),
            IndexState::Matches { extent } => value(extent, false),
            IndexState::Unsold | IndexState::Unknown { .. } => return None,
        };
        Some((vec![target, stock.name.as_str()], value))
    });
    known.collect()
}

/// The value that the old file has for a target.
fn earlier(metric: &Metric, target: &str, before: &str) -> Option<String> {
    let series = series(metric, &[target]);
    let value = before
        .lines()
        .find_map(|line| line.strip_prefix(&series)?.strip_prefix(' '))?;
    value.parse::<f64>().is_ok().then(|| value.to_owned())
}

/// The samples that the old file has for all targets.
fn all_earlier(metric: &Metric, before: &str) -> Vec<String> {
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
    let labels = labels.map(|(label, value)| format!("{label}=\"{}\"", escaped(value, true)));
    format!("{}{{{}}}", metric.name, joined(labels, ","))
}

/// Escapes line breaks and backslashes, and quotes in the value of a label.
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
