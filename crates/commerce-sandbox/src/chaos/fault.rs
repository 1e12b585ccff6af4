//! The faults there are.

use serde::{Deserialize, Serialize};

use super::foreign::ForeignLink;

/// One fault. *Before* and *after* are seen from the moment at which the shop carries the request out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The request waits first.
    Latency {
        /// So long, in milliseconds.
        ms: u64,
    },
    /// 429, and the request is not looked at.
    TooManyRequests {
        /// The seconds that `Retry-After` names; no such header when it is left out.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// An error answer of 500 or more in place of carrying the request out.
    ErrorBefore {
        /// 500 as the shop itself words it, any other as the web server before it does.
        status: u16,
    },
    /// The request is carried out and answered by an error of 400 or more: one below 500 is that of a second try, which a
    /// gateway made.
    ErrorAfter {
        /// 400, 401 and 500 as the shop itself words it, any other as the web server before it does.
        status: u16,
    },
    /// The connection ends without an answer, and nothing was carried out.
    CutBefore,
    /// The connection ends without an answer, and the request was carried out.
    CutAfter,
    /// The answer breaks off in the middle of its body.
    CutBody,
    /// PHP fails before anything is carried out: 200 and a page that apologises (recording 04).
    CrashBefore,
    /// PHP fails when all is done: 200 and a page that apologises.
    CrashAfter,
    /// The page of maintenance mode.
    Maintenance,
    /// Every token that a sign-in gave out ends before the request is looked at.
    TokenExpiry,
    /// A write of links loses against another transaction: a 400 without reason, and nothing is written (recording 08).
    Deadlock,
    /// Somebody else creates, moves or deletes some link before the request is looked at.
    ForeignWrite,
    /// Somebody else does this to a link before the request is looked at.
    ForeignLink(ForeignLink),
    /// Somebody else creates or deletes a link between two pages of the list of links; nothing elsewhere.
    ShiftedPage,
    /// An index run begins before the request is looked at, unless one is under way.
    IndexRun {
        /// It ends when so many more requests have come, those to the shop's command line included.
        requests: u64,
    },
    /// The connection ends without an answer, and the request is carried out later (recording 11).
    LateCommit {
        /// When so many more requests have come, those to the shop's command line included.
        requests: u64,
    },
    /// The request waits until it is let go, and is carried out then.
    HoldBefore,
    /// The request is carried out, and its answer waits until it is let go.
    HoldAfter,
}

impl Fault {
    /// Gives its name as a schedule spells it.
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

    /// Tells whether it decides over the answer, of which there is one only.
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
