//! The name of a stock, which is its key in the inventory file.

use std::sync::Arc;

use mysql_collation::fold;

use super::key::key;

/// The longest name that the server stores. It cuts longer ones without an error (recording 03).
pub const MAX_NAME_CHARS: usize = 255;

/// The name of a stock, such as `Europe Stock`. Two names are equal when the server treats the second as taken (recording 03).
#[derive(Clone)]
pub struct StockName {
    spelling: Arc<str>,
    folded: Arc<str>,
}

/// Reports a text that is not a stock name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text is empty or only whitespace.
    #[error("a stock's name cannot be empty")]
    Empty,
    /// The text begins or ends with whitespace, which nobody sees and the server stores.
    #[error("a stock's name cannot begin or end with whitespace")]
    Padded,
    /// The text has more characters than the server stores.
    #[error(
        "a stock's name has at most {MAX_NAME_CHARS} characters; the server would cut it without an error"
    )]
    TooLong,
}

impl StockName {
    /// Checks a name that a person wrote.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.trim().is_empty() {
            return Err(NameError::Empty);
        }
        if text.trim() != text {
            return Err(NameError::Padded);
        }
        if text.chars().count() > MAX_NAME_CHARS {
            return Err(NameError::TooLong);
        }
        Ok(Self::from_server(text))
    }

    /// Accepts any name that the server listed.
    #[must_use]
    pub fn from_server(text: &str) -> Self {
        // The database pads texts before it compares them, so trailing blanks do not count.
        Self {
            spelling: text.into(),
            folded: fold(text.trim_end_matches(' ')).into(),
        }
    }

    /// The original spelling.
    pub fn as_str(&self) -> &str {
        &self.spelling
    }

    /// The form that is compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

key!(StockName, from_server, "A stock's name, as the shop spells it.");
