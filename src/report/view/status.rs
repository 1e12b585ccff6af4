//! The status of a plan, in the same words in every format.

use crate::reconcile::{Plan, PlanWarning};
use crate::report::finding::{INDEX_STALE, INDEX_UNKNOWN};

/// The status of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanStatus {
    InSync,
    /// No difference was found, but not everything could be checked.
    Unknown,
    /// The links are as wanted, but the index is stale.
    Stale,
    Changes,
    Refused,
}

impl PlanStatus {
    pub(crate) fn of(plan: &Plan, warnings: &[PlanWarning]) -> Self {
        let warned = |rule: &str| warnings.iter().any(|warning| warning.rule == rule);
        if !plan.in_sync() {
            if plan.is_refused() {
                Self::Refused
            } else {
                Self::Changes
            }
        } else if warned(INDEX_STALE) {
            Self::Stale
        } else if warned(INDEX_UNKNOWN) || !plan.doubts.is_empty() {
            Self::Unknown
        } else {
            Self::InSync
        }
    }

    /// True if no link has to change, as far as could be read.
    pub(crate) fn links_in_sync(self) -> bool {
        !matches!(self, Self::Changes | Self::Refused)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::InSync => "In sync",
            Self::Unknown => "Unknown",
            Self::Stale => "Stale index",
            Self::Changes => "Plan",
            Self::Refused => "Refused by a guard",
        }
    }
}
