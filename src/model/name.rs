//! A stock's name, its key in the file, compared as the server compares it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use mysql_collation::fold;

/// The longest name the server stores; it cuts longer ones in silence (recording 03).
pub const MAX_NAME_CHARS: usize = 255;

/// A stock's name, such as `Europe Stock`; equal to another when the server would call it taken (recording 03).
#[derive(Clone)]
pub struct StockName {
    spelling: Arc<str>,
    folded: Arc<str>,
}

/// Why a text is no stock name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing, or nothing but whitespace.
    #[error("a stock's name cannot be empty")]
    Empty,
    /// Whitespace around the name, which nobody sees and the server keeps.
    #[error("a stock's name cannot begin or end with whitespace")]
    Padded,
    /// More characters than the server stores.
    #[error("a stock's name has at most {MAX_NAME_CHARS} characters; the server would cut it in silence")]
    TooLong,
}

impl StockName {
    /// Takes a name that a person wrote.
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

    /// Takes a name that the server listed, whatever it looks like.
    #[must_use]
    pub fn from_server(text: &str) -> Self {
        // The database pads before it compares: blanks at the end do not count.
        Self {
            spelling: text.into(),
            folded: fold(text.trim_end_matches(' ')).into(),
        }
    }

    /// The name as it was spelt.
    pub fn as_str(&self) -> &str {
        &self.spelling
    }

    /// The form in which names are compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for StockName {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for StockName {}

impl PartialOrd for StockName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StockName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for StockName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for StockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for StockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
