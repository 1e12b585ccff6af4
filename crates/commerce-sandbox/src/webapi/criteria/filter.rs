//! One filter of search criteria, with the database's comparisons.

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::Value;

use super::row::{Cell, Row};
use crate::database::collation::fold;
use crate::database::sql_like;
use crate::webapi::api_error::ApiError;

/// One filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The column.
    pub field: Option<String>,
    value: Option<String>,
    condition_type: Option<String>,
}

impl Filter {
    /// Gives the filter for the answer.
    pub fn echo(&self) -> Value {
        let equal = "eq".to_owned();
        let condition = self
            .condition_type
            .as_ref()
            .filter(|name| !name.is_empty())
            .unwrap_or(&equal);
        present([
            ("field", self.field.as_ref()),
            ("value", self.value.as_ref()),
            ("condition_type", Some(condition)),
        ])
    }

    /// Compares as the database does. No comparison with null holds.
    pub fn matches(&self, row: &impl Row) -> Result<bool, ApiError> {
        let cell = row.cell(self.field.as_deref().unwrap_or_default());
        let value = self.value.as_deref().unwrap_or_default();
        let condition = self.condition_type.as_deref().unwrap_or("eq");
        if condition == "null" || condition == "notnull" {
            return Ok(matches!(cell, Cell::Null) == (condition == "null"));
        }
        if matches!(condition, "is" | "ntoa") {
            return Err(ApiError::Internal);
        }
        let Some(order) = cell.compare(value) else {
            return Ok(false);
        };
        let one_of = || {
            value
                .split(',')
                .any(|one| cell.compare(one) == Some(Ordering::Equal))
        };
        let text = cell.text();
        Ok(match condition {
            "neq" | "sneq" => order.is_ne(),
            "in" => one_of(),
            "nin" => !one_of(),
            "gt" => order.is_gt(),
            "lt" => order.is_lt(),
            "gteq" | "moreq" | "from" => order.is_ge(),
            "lteq" | "to" => order.is_le(),
            "like" => sql_like::matches(&text, value),
            "nlike" => !sql_like::matches(&text, value),
            "finset" => text.split(',').any(|one| fold(one) == fold(value)),
            "nfinset" => !text.split(',').any(|one| fold(one) == fold(value)),
            _ => order.is_eq(),
        })
    }
}

/// Makes an object of the texts that are present.
pub fn present<const N: usize>(named: [(&str, Option<&String>); N]) -> Value {
    let named = named
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text?.clone().into())));
    Value::Object(named.collect())
}
