//! The shop's clock. Tests can move it.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A clock that may be ahead of the machine's, or behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Seconds ahead.
    ahead: i64,
}

impl Clock {
    /// Gives the seconds since the epoch.
    pub fn now(self) -> u64 {
        let machine = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        machine.saturating_add_signed(self.ahead)
    }

    /// Moves it on, or back.
    pub fn advance(&mut self, seconds: i64) {
        self.ahead = self.ahead.saturating_add(seconds);
    }
}
