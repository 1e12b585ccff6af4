//! One thing that is wrong or odd in a file, with everything that explains it.

use super::place::Span;

/// The severity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; a person should look.
    Warning,
}

/// A place in a file with the words that stand beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words beside the place; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable id of the rule that found it, such as `duplicate-link`.
    pub rule: &'static str,
    /// The severity.
    pub severity: Severity,
    /// The message, without the place.
    pub message: String,
    /// The place it is about; `None` when it is about no place in a file.
    pub at: Option<Label>,
    /// Other places that explain it, such as the first of two equal keys.
    pub related: Vec<Label>,
    /// Advice, such as the likely spelling; one sentence each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// The same finding at this place, with the words that stand beside it there.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.at = Some(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// The same finding, explained by one more place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// The same finding with one more sentence on what to do.
    #[must_use]
    pub fn help(mut self, sentence: impl Into<String>) -> Self {
        self.help.push(sentence.into());
        self
    }
}
