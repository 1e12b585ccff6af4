//! A rule that files are held to: its stable id, how bad a breach is, and what it asks, for tables and documentation.

use super::diagnostic::{Diagnostic, Severity};
use super::place::Span;

/// One rule; every finding names the rule that found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The stable id in kebab-case.
    pub id: &'static str,
    /// The severity of a breach.
    pub severity: Severity,
    /// The requirement, in one line.
    pub summary: &'static str,
}

impl Rule {
    /// A rule without which a file cannot be used.
    pub const fn error(id: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            severity: Severity::Error,
            summary,
        }
    }

    /// A rule that points out what a person should look at.
    pub const fn warning(id: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            severity: Severity::Warning,
            summary,
        }
    }

    /// Makes a finding of this rule that is about no place.
    pub fn found(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule: self.id,
            severity: self.severity,
            message: message.into(),
            at: None,
            related: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Makes a finding of this rule at a place.
    pub fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.found(message).at(span, "")
    }
}

/// Declares rules, each with its id and its severity (`error` or `warning`), and a table of them all; what a rule asks
/// is its doc comment.
#[macro_export]
macro_rules! rules {
    ($(#[doc = $asks:literal] $name:ident = $severity:ident $id:literal;)+) => {
        $(
            #[doc = $asks]
            pub const $name: $crate::diag::Rule = $crate::diag::Rule::$severity($id, $asks.trim_ascii());
        )+

        /// All of them.
        pub const RULES: &[$crate::diag::Rule] = &[$($name),+];
    };
}
