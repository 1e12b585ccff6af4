//! Nonces: each consumer may use one once, with a timestamp that is not too far ahead.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::webapi::api_error::ApiError;

/// Seconds that a timestamp may be ahead of the shop's clock. It may be behind by any amount.
const DEVIATION: u64 = 600;
/// Length of the column; longer nonces are truncated (read).
const COLUMN: usize = 32;

/// The used nonces, with the positions of their consumers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Nonces(BTreeSet<(usize, String)>);

impl Nonces {
    /// Uses a nonce up.
    pub fn take(&mut self, consumer: usize, nonce: &str, timestamp: &str, now: u64) -> Result<(), ApiError> {
        let timestamp: u64 = timestamp.parse().unwrap_or(0);
        if timestamp == 0 || timestamp > now + DEVIATION {
            return Err(invalid());
        }
        if self.0.contains(&(consumer, nonce.to_owned())) {
            let message = "The nonce is already being used by the consumer with ID %1";
            return Err(ApiError::with(401, message, json!([(consumer + 1).to_string()])));
        }
        let stored = nonce.chars().take(COLUMN).collect();
        if self.0.insert((consumer, stored)) {
            Ok(())
        } else {
            Err(invalid())
        }
    }
}

fn invalid() -> ApiError {
    ApiError::refused(401, "An error occurred validating the nonce")
}
