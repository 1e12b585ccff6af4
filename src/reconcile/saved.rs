//! A saved plan: the plan's own JSON document, read back.

use serde::Deserialize;
use spanned_yaml::diag::shown;

use super::guard_override::GuardOverrides;
use super::plan::{PLAN_FORMAT, Plan};

/// Why a document is no plan that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedPlanError {
    /// It is no JSON, or JSON of something else.
    #[error("line {line}, column {column}: {message}")]
    NotAPlan {
        /// The line, from 1; 0 when the document as a whole is meant.
        line: usize,
        /// The column, from 1; 0 likewise.
        column: usize,
        /// What was found.
        message: String,
    },
    /// It is a plan of a format that this version does not know.
    #[error("it has the format {0}; this version of stocktake knows {PLAN_FORMAT}")]
    UnknownFormat(u64),
    /// A value cannot be what its name says.
    #[error("`{field}` is `{value}`, which cannot be")]
    BadValue {
        /// The field.
        field: &'static str,
        /// What stands there, cut to what a line can hold.
        value: String,
    },
}

impl SavedPlanError {
    /// A value that cannot be what its field says.
    pub fn bad_value(field: &'static str, value: &str) -> Self {
        Self::BadValue {
            field,
            value: shown(value),
        }
    }
}

/// What every plan of any format begins with, so that a newer one is not taken for a broken one.
#[derive(Deserialize)]
struct Head {
    format_version: u64,
    #[serde(rename = "live_sha256")]
    _live: String,
}

impl Plan {
    /// Reads a saved plan. What it says is not yet to be trusted: it is compared with a plan made anew.
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

/// The message without the place, which `serde_json` puts at its end.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place)
        .map_or_else(|| text.clone(), str::to_owned)
}
