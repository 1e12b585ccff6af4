//! Reads a saved plan from its JSON document.

use serde::Deserialize;
use spanned_yaml::diag::shown;

use super::guard_override::GuardOverrides;
use super::plan::{PLAN_FORMAT, Plan};

/// Reports a document that is not a usable plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedPlanError {
    /// The document is not JSON, or not a plan.
    #[error("line {line}, column {column}: {message}")]
    NotAPlan {
        /// The line, from 1; 0 for the whole document.
        line: usize,
        /// The column, from 1; 0 for the whole document.
        column: usize,
        /// The finding.
        message: String,
    },
    /// The plan has a format that this version does not know.
    #[error("it has the format {0}; this version of stocktake knows {PLAN_FORMAT}")]
    UnknownFormat(u64),
    /// A field has an impossible value.
    #[error("`{field}` has the impossible value `{value}`")]
    BadValue {
        /// The field.
        field: &'static str,
        /// The value, cut to one line.
        value: String,
    },
}

impl SavedPlanError {
    /// The error for an impossible value of a field.
    pub fn bad_value(field: &'static str, value: &str) -> Self {
        Self::BadValue {
            field,
            value: shown(value),
        }
    }
}

/// The fields of a plan in any format. They tell a newer plan from a broken one.
#[derive(Deserialize)]
struct Head {
    format_version: u64,
    #[serde(rename = "live_sha256")]
    _live: String,
}

impl Plan {
    /// Reads a saved plan. The caller must compare it with a new plan before it is trusted.
    pub fn from_json(document: &[u8]) -> Result<Self, SavedPlanError> {
        let head: Head = parse(document)?;
        if head.format_version != u64::from(PLAN_FORMAT) {
            return Err(SavedPlanError::UnknownFormat(head.format_version));
        }
        let plan: Self = parse(document)?;
        for allowance in &plan.allowances {
            if GuardOverrides::parse([allowance.as_str()]).is_err() {
                return Err(SavedPlanError::bad_value("allowances", allowance));
            }
        }
        Ok(plan)
    }
}

fn parse<'de, T: Deserialize<'de>>(document: &'de [u8]) -> Result<T, SavedPlanError> {
    serde_json::from_slice(document).map_err(|error| SavedPlanError::NotAPlan {
        line: error.line(),
        column: error.column(),
        message: shown(&without_place(&error)),
    })
}

/// The message without the place that `serde_json` appends.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place)
        .map_or_else(|| text.clone(), str::to_owned)
}
