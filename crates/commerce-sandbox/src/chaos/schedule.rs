//! A schedule of faults: rates with a seed, certain faults by number, and upper bounds.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::rates::Rates;

/// A schedule of faults.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// Seed of the draws.
    pub seed: u64,
    /// Probability of each fault.
    pub rates: Rates,
    /// Upper bound on drawn faults in all; `None` for no bound.
    pub faults: Option<u64>,
    /// Upper bound on drawn faults in a row that spoil the answer to the same request, so that a retry can succeed; `None`
    /// for no bound.
    pub in_a_row: Option<u64>,
    /// Certain faults.
    pub at: Vec<Cue>,
}

/// A certain fault: at the nth request, the nth write of links, or the nth command of `bin/magento`, counted from the start
/// of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// The request, from 1.
    #[serde(default)]
    pub request: Option<u64>,
    /// The write of links, from 1.
    #[serde(default)]
    pub write: Option<u64>,
    /// The command, from 1. Only errors, cuts, latency and holds affect commands.
    #[serde(default)]
    pub command: Option<u64>,
    /// The fault.
    pub fault: Fault,
}

/// The reason why a schedule is invalid.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// It is not JSON of a schedule's shape.
    #[error("this is not a schedule of faults: {0}")]
    Shape(#[from] serde_json::Error),
    /// A rate is not a probability.
    #[error("a rate is a number from 0 to 1")]
    Rate,
    /// A cue names no moment, or more than one.
    #[error("each fault in `at` has one of `request`, `write` and `command`, counted from 1")]
    Moment,
    /// A status that is not an error of that kind.
    #[error(
        "the status of an error is from 500 to 599, of one after the request was carried out from 400, not {0}"
    )]
    Status(u16),
}

impl Schedule {
    /// Parses and checks a schedule.
    pub fn from_json(text: &[u8]) -> Result<Self, ScheduleError> {
        let schedule: Self = serde_json::from_slice(text)?;
        if !schedule.rates.are_probabilities() {
            return Err(ScheduleError::Rate);
        }
        for cue in &schedule.at {
            let mut named = [cue.request, cue.write, cue.command].into_iter().flatten();
            if named.next().is_none_or(|number| number == 0) || named.next().is_some() {
                return Err(ScheduleError::Moment);
            }
            let (status, statuses) = match cue.fault {
                Fault::ErrorBefore { status } => (status, 500..600),
                Fault::ErrorAfter { status } => (status, 400..600),
                _ => continue,
            };
            if !statuses.contains(&status) {
                return Err(ScheduleError::Status(status));
            }
        }
        Ok(schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_read_whole() {
        let text = r#"{
            "seed": 7, "rates": { "cut_after": 0.5 }, "faults": 20, "in_a_row": 2,
            "at": [
                { "request": 3, "fault": { "latency": { "ms": 20 } } },
                { "write": 1, "fault": "deadlock" },
                { "write": 2, "fault": { "foreign_link": { "stock_id": 2, "source_code": "hq" } } }
            ]
        }"#;
        let read = Schedule::from_json(text.as_bytes()).unwrap();
        assert_eq!((read.seed, read.faults, read.at.len()), (7, Some(20), 3));
        let again = serde_json::to_vec(&read).unwrap();
        assert_eq!(Schedule::from_json(&again).unwrap(), read);
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        for text in [
            r#"{ "rates": { "latency": 1.5 } }"#,
            r#"{ "rates": { "latencies": 0.5 } }"#,
            r#"{ "at": [{ "fault": "cut_body" }] }"#,
            r#"{ "at": [{ "request": 0, "fault": "cut_body" }] }"#,
            r#"{ "at": [{ "request": 1, "write": 1, "fault": "cut_body" }] }"#,
            r#"{ "at": [{ "request": 1, "fault": { "error_before": { "status": 404 } } }] }"#,
            r#"{ "at": [{ "request": 1, "fault": { "error_after": { "status": 399 } } }] }"#,
            r#"{ "at": [{ "request": 1, "fault": "earthquake" }] }"#,
        ] {
            assert!(Schedule::from_json(text.as_bytes()).is_err(), "{text}");
        }
    }
}
