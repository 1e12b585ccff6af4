//! The code of a source.

use std::sync::Arc;

use mysql_collation::fold;

use super::key::key;

/// The longest code that the server stores. It cuts longer ones without an error (recording 02).
pub const MAX_CODE_CHARS: usize = 255;

/// The code of a source, such as `ne_wh`.
///
/// Equality ignores case and accents, as in the server's database. The spelling is preserved: the server stores and lists
/// it, and its checks of the default source compare it exactly.
#[derive(Clone)]
pub struct SourceCode(Arc<Spelt>);

struct Spelt {
    spelling: Box<str>,
    folded: Box<str>,
}

/// Reports a text that is not a source code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The text is empty.
    #[error("a source code cannot be empty")]
    Empty,
    /// The text has whitespace, which the server refuses.
    #[error("a source code cannot contain whitespace")]
    Whitespace,
    /// The text has more characters than the server stores.
    #[error(
        "a source code has at most {MAX_CODE_CHARS} characters; the server would cut it without an error"
    )]
    TooLong,
}

impl SourceCode {
    /// Checks a code that a person wrote.
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

    /// Accepts any code that the server listed.
    #[must_use]
    pub fn from_server(text: &str) -> Self {
        Self(Arc::new(Spelt {
            spelling: text.into(),
            folded: fold(text).into(),
        }))
    }

    /// The original spelling.
    pub fn as_str(&self) -> &str {
        &self.0.spelling
    }

    /// The form that is compared.
    pub fn folded(&self) -> &str {
        &self.0.folded
    }
}

key!(SourceCode, from_server, "A source's code, as the shop spells it.");

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
