//! A link's priority, 1 to 65535; the lower number is served first.

use std::fmt;
use std::num::NonZeroU16;

/// A priority that a link may be given: 1..=65535. The server stores anything above as 65535 without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(NonZeroU16);

/// A number that is no priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a whole number from 1 to 65535, not {0}")]
pub struct PriorityError(pub i64);

impl Priority {
    /// The greatest priority there is.
    pub const MAX: u16 = u16::MAX;

    /// The number itself.
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl TryFrom<i64> for Priority {
    type Error = PriorityError;

    fn try_from(number: i64) -> Result<Self, PriorityError> {
        u16::try_from(number)
            .ok()
            .and_then(NonZeroU16::new)
            .map(Self)
            .ok_or(PriorityError(number))
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
