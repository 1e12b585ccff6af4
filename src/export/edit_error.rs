//! The error for a place that cannot be edited.

use spanned_yaml::diag::{Diagnostic, Label, Severity, Span};

/// A place that is not edited, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditError {
    span: Span,
    why: String,
}

impl EditError {
    pub(super) fn new(span: Span, why: impl Into<String>) -> Self {
        Self {
            span,
            why: why.into(),
        }
    }

    /// The error as a diagnostic.
    pub(super) fn diagnostic(self) -> Diagnostic {
        Diagnostic {
            rule: "not-editable",
            severity: Severity::Error,
            message: "the file cannot be brought in line without touching more than what differs".to_owned(),
            at: Some(Label {
                span: self.span,
                text: self.why,
            }),
            related: Vec::new(),
            help: vec![
                "write it out as a plain list (`stocktake fmt` does what it can), or edit it by hand"
                    .to_owned(),
            ],
        }
    }
}
