//! A source's key, compared as the server compares it and written as it was spelt.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use mysql_collation::fold;

/// The longest code the server stores; it cuts longer ones in silence (recording 02).
pub const MAX_CODE_CHARS: usize = 255;

/// A source's key, such as `ne_wh`.
///
/// Two codes are equal when the server's database holds them for equal: without regard to case and accents. The
/// spelling is kept, since the server lists and stores it and its guards of the default source compare it exactly.
#[derive(Clone)]
pub struct SourceCode(Arc<Spelt>);

struct Spelt {
    spelling: Box<str>,
    folded: Box<str>,
}

/// Why a text is no source code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing, where a code must stand.
    #[error("a source code cannot be empty")]
    Empty,
    /// Whitespace anywhere, which the server refuses.
    #[error("a source code cannot contain whitespace")]
    Whitespace,
    /// More characters than the server stores.
    #[error("a source code has at most {MAX_CODE_CHARS} characters; the server would cut it in silence")]
    TooLong,
}

impl SourceCode {
    /// Takes a code that a person wrote.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(CodeError::Whitespace);
        }
        if text.chars().count() > MAX_CODE_CHARS {
            return Err(CodeError::TooLong);
        }
        Ok(Self::from_server(text))
    }

    /// Takes a code that the server listed, whatever it looks like.
    #[must_use]
    pub fn from_server(text: &str) -> Self {
        Self(Arc::new(Spelt {
            spelling: text.into(),
            folded: fold(text).into(),
        }))
    }

    /// The code as it was spelt.
    pub fn as_str(&self) -> &str {
        &self.0.spelling
    }

    /// The form in which codes are compared.
    pub fn folded(&self) -> &str {
        &self.0.folded
    }
}

impl PartialEq for SourceCode {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.folded == other.0.folded
    }
}

impl Eq for SourceCode {}

impl PartialOrd for SourceCode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SourceCode {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.0.folded.cmp(&other.0.folded)
    }
}

impl Hash for SourceCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.folded.hash(state);
    }
}

impl fmt::Display for SourceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SourceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeError, SourceCode};

    #[test]
    fn equality_is_the_servers() {
        let ours = SourceCode::parse("brooklyn").unwrap();
        let theirs = SourceCode::from_server("BROOKLYN");
        assert_eq!(ours, theirs);
        assert_eq!(theirs.as_str(), "BROOKLYN");
    }

    #[test]
    fn what_the_server_refuses_or_cuts_is_no_code() {
        assert_eq!(SourceCode::parse(""), Err(CodeError::Empty));
        assert_eq!(SourceCode::parse("ne wh"), Err(CodeError::Whitespace));
        assert_eq!(SourceCode::parse(&"a".repeat(256)), Err(CodeError::TooLong));
    }
}
