//! Limits on deletes, above which a guard refuses a plan.

/// The limits of one target. A flag can lift each of them for one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardLimits {
    /// The most links that a run may delete.
    pub max_deletes: u32,
    /// The most links that a run may delete from one stock, in percent of its live links. One delete is always allowed.
    pub max_delete_percent: u8,
}

impl GuardLimits {
    /// The limits of a target that sets none.
    pub const DEFAULT: Self = Self {
        max_deletes: 10,
        max_delete_percent: 30,
    };
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
