//! Decides whether to notify, by comparing a target's state with the last one delivered. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of a target, as far as a change of it is worth a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "condition", rename_all = "snake_case")]
pub enum TargetState {
    /// It is as the files want it.
    InSync,
    /// It differs from the files.
    Drift {
        /// A digest of the differences.
        digest: String,
    },
    /// It is unknown.
    Unknown {
        /// The cause.
        #[serde(rename = "obstacle")]
        cause: Cause,
    },
}

/// The cause of an unknown state. It is coarse, so that the same problem in other words makes no notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The shop does not answer, or is overloaded.
    Unreachable,
    /// The shop refuses the request, or its answer is unusable.
    Refused,
    /// The files cannot be used, or do not fit the shop.
    Files,
    /// The shop could not be read completely.
    DoubtfulRead,
    /// The index could not be checked.
    Index,
    /// Something on this side, such as a missing credential.
    Setup,
}

/// A change of state that is notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// The target differs, and did not at the last delivery.
    Drift,
    /// It differs in another way than at the last delivery.
    DriftChanged,
    /// It is in sync again.
    InSync,
    /// Its state has become unknown, or is unknown for another cause.
    Unknown,
}

impl TargetState {
    /// The transition from the last state delivered, if it is worth a notification.
    pub fn transition_from(&self, last: Option<&Self>) -> Option<Transition> {
        match (self, last) {
            // Without a delivery a target counts as in sync.
            (Self::InSync, None) => None,
            (now, Some(last)) if now == last => None,
            (Self::InSync, Some(_)) => Some(Transition::InSync),
            (Self::Drift { .. }, Some(Self::Drift { .. })) => Some(Transition::DriftChanged),
            (Self::Drift { .. }, _) => Some(Transition::Drift),
            (Self::Unknown { .. }, _) => Some(Transition::Unknown),
        }
    }
}

impl Transition {
    /// The transition in words.
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
    fn only_a_change_is_notified() {
        let in_sync = TargetState::InSync;
        let unreachable = TargetState::Unknown {
            cause: Cause::Unreachable,
        };
        let refused = TargetState::Unknown {
            cause: Cause::Refused,
        };
        for (now, last, transition) in [
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
            assert_eq!(now.transition_from(last), transition, "{now:?} after {last:?}");
        }
    }
}
