//! The priority of a link, from 1 to 65535. Lower numbers serve first.

use std::fmt;
use std::num::NonZeroU16;

/// A priority that can be written. The server stores greater numbers as 65535 without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(NonZeroU16);

/// Reports a number that is not a priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a whole number from 1 to 65535, not {0}")]
pub struct PriorityError(pub i64);

impl Priority {
    /// The greatest priority.
    pub const MAX: u16 = u16::MAX;

    /// The number.
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
