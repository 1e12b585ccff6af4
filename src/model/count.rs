//! Counts, as JSON and messages carry them.

/// A number of things, at most `u32::MAX`.
pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
