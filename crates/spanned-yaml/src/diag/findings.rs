//! Gathers findings, as many as a person can use, and puts them into the order of the files.

use super::diagnostic::{Diagnostic, Severity};
use crate::rules;

/// Upper bound on findings listed per severity; the rest is counted.
const KEPT: usize = 1_000;

rules! {
    /// No more than 1,000 errors of a run are listed.
    MORE_ERRORS = error "more-errors";

    /// No more than 1,000 warnings of a run are listed.
    MORE_WARNINGS = warning "more-warnings";
}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Findings {
    listed: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, found: Diagnostic) {
        self.push_with(found.severity, || found);
    }

    /// Adds a finding; `find` runs only if there is still room.
    pub fn push_with(&mut self, severity: Severity, find: impl FnOnce() -> Diagnostic) {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= KEPT {
            self.listed.push(find());
        }
    }

    /// True if one of them is an error.
    pub fn any_error(&self) -> bool {
        self.errors > 0
    }

    /// The stored findings, in the order of `push`.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.listed.iter()
    }

    /// The stored findings: those without a place first, then by file and place.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.listed
            .sort_by_key(|found| found.at.as_ref().map(|label| (label.span.file, label.span.start)));
        for (rule, count, word) in [
            (MORE_ERRORS, self.errors, "errors"),
            (MORE_WARNINGS, self.warnings, "warnings"),
        ] {
            if count > KEPT {
                let left_out = count - KEPT;
                self.listed
                    .push(rule.found(format!("{left_out} more {word} are not listed")));
            }
        }
        self.listed
    }
}
