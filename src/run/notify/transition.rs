//! What is worth telling: a target's condition, and in what it differs from the one that was told last. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The condition of a target, as far as another one is news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "condition", rename_all = "snake_case")]
pub enum TargetState {
    /// It is as the files want it.
    InSync,
    /// It is not.
    Drift {
        /// What differs, as a digest.
        digest: String,
    },
    /// It cannot be told.
    Unknown {
        /// Why not.
        obstacle: Cause,
    },
}

/// Why it cannot be told whether a target is as the files want it; so coarse that the same trouble in other words is no
/// news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The shop does not answer, or has no time now.
    Unreachable,
    /// The shop answers with something else than what was asked for.
    Refused,
    /// The files cannot be used, or do not fit the shop.
    Files,
    /// The shop could not be read completely.
    DoubtfulRead,
    /// The index could not be checked.
    Index,
    /// Something on this side, such as a credential that is not there.
    Setup,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// The target differs, and did not when it was told of last.
    Drift,
    /// It differs in another way than was told last.
    DriftChanged,
    /// It is in sync again.
    InSync,
    /// It cannot be told any more, or for another reason.
    Unknown,
}

impl TargetState {
    /// What is new for somebody who was told of that condition last, or never of any.
    pub fn transition_from(&self, told: Option<&Self>) -> Option<Transition> {
        match (self, told) {
            // Who has never been told of anything takes it for in sync.
            (Self::InSync, None) => None,
            (now, Some(told)) if now == told => None,
            (Self::InSync, Some(_)) => Some(Transition::InSync),
            (Self::Drift { .. }, Some(Self::Drift { .. })) => Some(Transition::DriftChanged),
            (Self::Drift { .. }, _) => Some(Transition::Drift),
            (Self::Unknown { .. }, _) => Some(Transition::Unknown),
        }
    }
}

impl Transition {
    /// What somebody is told of, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::DriftChanged => "drift that has changed",
            Self::InSync => "being in sync again",
            Self::Unknown => "a check that came to nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, TargetState, Transition};

    fn drift(digest: &str) -> TargetState {
        TargetState::Drift {
            digest: digest.to_owned(),
        }
    }

    #[test]
    fn only_a_change_is_news() {
        let in_sync = TargetState::InSync;
        let unreachable = TargetState::Unknown {
            obstacle: Cause::Unreachable,
        };
        let refused = TargetState::Unknown {
            obstacle: Cause::Refused,
        };
        for (now, told, news) in [
            (&in_sync, None, None),
            (&in_sync, Some(&in_sync), None),
            (&drift("a"), None, Some(Transition::Drift)),
            (&drift("a"), Some(&in_sync), Some(Transition::Drift)),
            (&drift("a"), Some(&drift("a")), None),
            (&drift("a"), Some(&drift("b")), Some(Transition::DriftChanged)),
            (&drift("a"), Some(&unreachable), Some(Transition::Drift)),
            (&in_sync, Some(&drift("a")), Some(Transition::InSync)),
            (&in_sync, Some(&unreachable), Some(Transition::InSync)),
            (&unreachable, None, Some(Transition::Unknown)),
            (&unreachable, Some(&unreachable), None),
            (&refused, Some(&unreachable), Some(Transition::Unknown)),
        ] {
            assert_eq!(now.transition_from(told), news, "{now:?} after {told:?}");
        }
    }
}
