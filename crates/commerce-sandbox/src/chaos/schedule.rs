//! What a chaos file says: rates by seed, single faults by number, and when it is enough.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::rates::Rates;

/// Which faults are played, and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// What the draws depend on.
    pub seed: u64,
    /// How likely each fault is.
    pub rates: Rates,
    /// The most faults that are drawn in all; then it is quiet. No end when nothing is said.
    pub faults: Option<u64>,
    /// The most drawn faults in a row that spoil the answer to the same question, so that asking again can win. No end
    /// when nothing is said.
    pub in_a_row: Option<u64>,
    /// Faults that are certain.
    pub at: Vec<Cue>,
}

/// A fault that is certain: at the nth request, at the nth write of links, or at the nth command of the shop's command
/// line, counted from when the schedule was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// The request, from 1.
    #[serde(default)]
    pub request: Option<u64>,
    /// The write of links, from 1.
    #[serde(default)]
    pub write: Option<u64>,
    /// The command, from 1. Errors, cuts, latency and holds are for commands too; other faults do nothing there.
    #[serde(default)]
    pub command: Option<u64>,
    /// The fault.
    pub fault: Fault,
}

/// Why a schedule cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// It is no JSON of that shape.
    #[error("this is no schedule of faults: {0}")]
    Shape(#[from] serde_json::Error),
    /// A rate is no probability.
    #[error("a rate is a number from 0 to 1")]
    Rate,
    /// A cue names no moment, or two.
    #[error("each fault in `at` has one of `request`, `write` and `command`, counted from 1")]
    Moment,
    /// An error of another status.
    #[error(
        "the status of an error is from 500 to 599, of one after the request was carried out from 400, not {0}"
    )]
    Status(u16),
}

impl Schedule {
    /// Reads a schedule and checks that it can be followed.
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
