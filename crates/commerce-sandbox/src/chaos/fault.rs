//! The kinds of fault.

use serde::{Deserialize, Serialize};

use super::foreign::ForeignLink;

/// One fault. *Before* and *after* refer to the moment at which the shop carries the request out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The request waits first.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// 429 in place of carrying the request out.
    TooManyRequests {
        /// Seconds in the header `Retry-After`; no such header without it.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// An error answer of 500 or more in place of carrying the request out.
    ErrorBefore {
        /// 500 in the shop's words; any other as a page of the web server.
        status: u16,
    },
    /// The request is carried out and answered by an error of 400 or more. An error below 500 is the answer to a retry by a
    /// gateway.
    ErrorAfter {
        /// 400, 401 and 500 in the shop's words; any other as a page of the web server.
        status: u16,
    },
    /// The connection ends without an answer, and nothing was carried out.
    CutBefore,
    /// The connection ends without an answer, and the request was carried out.
    CutAfter,
    /// The answer breaks off in the middle of its body.
    CutBody,
    /// PHP crashes before anything is carried out: 500 and an apology, 200 in 2.4.1 (04-184).
    CrashBefore,
    /// PHP crashes after the request was carried out, with the same answer.
    CrashAfter,
    /// The page of maintenance mode.
    Maintenance,
    /// All tokens expire before the request.
    TokenExpiry,
    /// A write of links loses a deadlock: 400 without a reason, and nothing is written (recording 08).
    Deadlock,
    /// Another actor creates, moves or deletes a link before the request.
    ForeignWrite,
    /// Another actor does this to a link before the request.
    ForeignLink(ForeignLink),
    /// Another actor creates or deletes a link between two pages of the list of links. No effect on other requests.
    ShiftedPage,
    /// An index run begins before the request, unless one is under way.
    IndexRun {
        /// Number of further requests and commands until it ends.
        requests: u64,
    },
    /// The connection ends without an answer, and the request is carried out later (recording 11).
    LateCommit {
        /// Number of further requests and commands until it is carried out.
        requests: u64,
    },
    /// The request is held before it is carried out.
    HoldBefore,
    /// The request is carried out, and its answer is held.
    HoldAfter,
}

impl Fault {
    /// Gives the name in a schedule.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::ErrorBefore { .. } => "error_before",
            Self::ErrorAfter { .. } => "error_after",
            Self::CutBefore => "cut_before",
            Self::CutAfter => "cut_after",
            Self::CutBody => "cut_body",
            Self::CrashBefore => "crash_before",
            Self::CrashAfter => "crash_after",
            Self::Maintenance => "maintenance",
            Self::TokenExpiry => "token_expiry",
            Self::Deadlock => "deadlock",
            Self::ForeignWrite => "foreign_write",
            Self::ForeignLink(_) => "foreign_link",
            Self::ShiftedPage => "shifted_page",
            Self::IndexRun { .. } => "index_run",
            Self::LateCommit { .. } => "late_commit",
            Self::HoldBefore => "hold_before",
            Self::HoldAfter => "hold_after",
        }
    }

    /// Tells whether the fault shapes the answer. A request meets at most one such fault.
    pub fn shapes_the_answer(&self) -> bool {
        match self {
            Self::TooManyRequests { .. }
            | Self::ErrorBefore { .. }
            | Self::ErrorAfter { .. }
            | Self::CutBefore
            | Self::CutAfter
            | Self::CutBody
            | Self::CrashBefore
            | Self::CrashAfter
            | Self::Maintenance
            | Self::Deadlock
            | Self::LateCommit { .. } => true,
            Self::Latency { .. }
            | Self::TokenExpiry
            | Self::ForeignWrite
            | Self::ForeignLink(_)
            | Self::ShiftedPage
            | Self::IndexRun { .. }
            | Self::HoldBefore
            | Self::HoldAfter => false,
        }
    }
}
