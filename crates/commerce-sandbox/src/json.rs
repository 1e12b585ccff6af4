//! Numbers in JSON as PHP writes them: a whole float has no fraction.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Largest magnitude up to which every whole float is an exact integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Gives `2.0` as `2` and `2.5` as `2.5`.
pub fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    if value.fract() == 0.0 && value.abs() < EXACT {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

/// Serialises an optional float by [`number`].
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
pub fn optional_number<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(number).serialize(serializer)
}
