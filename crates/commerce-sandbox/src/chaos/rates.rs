//! The rates of faults, and the draw of the faults of one request.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// The probability of each fault for a request, from 0 to 1. A fault that is left out does not happen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Latency, of up to 100 ms.
    pub latency: f64,
    /// 429, sometimes with `Retry-After: 0`.
    pub too_many_requests: f64,
    /// An error of 500, 502, 503 or 504, with nothing carried out.
    pub error_before: f64,
    /// The same error, with the request carried out.
    pub error_after: f64,
    /// No answer, nothing carried out.
    pub cut_before: f64,
    /// No answer, carried out.
    pub cut_after: f64,
    /// An answer that ends in the middle.
    pub cut_body: f64,
    /// 200 with an apology, nothing carried out.
    pub crash_before: f64,
    /// 200 with an apology, carried out.
    pub crash_after: f64,
    /// The page of maintenance mode.
    pub maintenance: f64,
    /// All tokens expire.
    pub token_expiry: f64,
    /// A deadlock; for writes of links only.
    pub deadlock: f64,
    /// Another actor writes a link.
    pub foreign_write: f64,
    /// Another actor writes a link between two pages of links.
    pub shifted_page: f64,
    /// An index run begins, and ends within 10 requests.
    pub index_run: f64,
    /// No answer, carried out within 8 more requests.
    pub late_commit: f64,
}

impl Rates {
    /// Tells whether each rate is from 0 to 1.
    pub fn are_probabilities(&self) -> bool {
        let Self {
            latency,
            too_many_requests,
            error_before,
            error_after,
            cut_before,
            cut_after,
            cut_body,
            crash_before,
            crash_after,
            maintenance,
            token_expiry,
            deadlock,
            foreign_write,
            shifted_page,
            index_run,
            late_commit,
        } = *self;
        let all = [
            latency,
            too_many_requests,
            error_before,
            error_after,
            cut_before,
            cut_after,
            cut_body,
            crash_before,
            crash_after,
            maintenance,
            token_expiry,
            deadlock,
            foreign_write,
            shifted_page,
            index_run,
            late_commit,
        ];
        all.iter().all(|rate| (0.0..=1.0).contains(rate))
    }

    /// Draws the faults of one request. Every rate takes a draw, so that one rate does not change the others.
    pub fn draw(&self, rng: &mut Rng) -> Vec<Fault> {
        let drawn = [
            (self.latency, Fault::Latency { ms: rng.u64(1..=100) }),
            (
                self.too_many_requests,
                Fault::TooManyRequests {
                    retry_after: rng.bool().then_some(0),
                },
            ),
            (self.error_before, Fault::ErrorBefore { status: status(rng) }),
            (self.error_after, Fault::ErrorAfter { status: status(rng) }),
            (self.cut_before, Fault::CutBefore),
            (self.cut_after, Fault::CutAfter),
            (self.cut_body, Fault::CutBody),
            (self.crash_before, Fault::CrashBefore),
            (self.crash_after, Fault::CrashAfter),
            (self.maintenance, Fault::Maintenance),
            (self.token_expiry, Fault::TokenExpiry),
            (self.deadlock, Fault::Deadlock),
            (self.foreign_write, Fault::ForeignWrite),
            (self.shifted_page, Fault::ShiftedPage),
            (
                self.index_run,
                Fault::IndexRun {
                    requests: rng.u64(1..=10),
                },
            ),
            (
                self.late_commit,
                Fault::LateCommit {
                    requests: rng.u64(1..=8),
                },
            ),
        ];
        let rolled = drawn.map(|(rate, fault)| (rng.f64() < rate, fault));
        rolled
            .into_iter()
            .filter_map(|(hit, fault)| hit.then_some(fault))
            .collect()
    }
}

fn status(rng: &mut Rng) -> u16 {
    rng.choice([500, 502, 503, 504]).unwrap_or(500)
}
