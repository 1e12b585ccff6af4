//! Rows of a list, and the database's comparison of their columns.

use std::cmp::Ordering;

use serde_json::Value;

use crate::database::collation::fold;
use crate::json::number;
use crate::webapi::coercion::leading_number;

/// One column of a row.
#[derive(Debug, Clone)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// SQL's null.
    Null,
}

/// A row that can be listed.
pub trait Row {
    /// Columns for filters and sort orders.
    const COLUMNS: &'static [&'static str];
    /// Gives a column by its name.
    fn cell(&self, column: &str) -> Cell;
    /// Gives the row as JSON.
    fn shown(&self) -> Value;
}

impl<R: Row> Row for &R {
    const COLUMNS: &'static [&'static str] = R::COLUMNS;

    fn cell(&self, column: &str) -> Cell {
        (**self).cell(column)
    }

    fn shown(&self) -> Value {
        (**self).shown()
    }
}

impl Cell {
    /// Makes a cell of a whole number.
    pub fn int(value: i64) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "ids and priorities stay far below 2^53"
        )]
        Self::Number(value as f64)
    }

    /// Compares with the value of a filter; `None` for null.
    pub fn compare(&self, value: &str) -> Option<Ordering> {
        match self {
            Self::Number(number) => Some(number.total_cmp(&leading_number(value))),
            Self::Text(text) => Some(fold(text).cmp(&fold(value))),
            Self::Null => None,
        }
    }

    /// Gives the cell in the form for sorting.
    #[must_use]
    pub fn folded(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(fold(&text)),
            other => other,
        }
    }

    /// Compares folded cells; null comes first.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => matches!(b, Self::Null).cmp(&matches!(a, Self::Null)),
        }
    }

    /// Gives the cell as text.
    pub fn text(&self) -> String {
        match self {
            Self::Number(value) => number(*value).to_string(),
            Self::Text(text) => text.clone(),
            Self::Null => String::new(),
        }
    }
}
