//! Findings as JSON, for machines: one document with a version.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnostic::{Diagnostic, Label, Severity};
use super::files::InputFiles;

/// The findings of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosticsJson {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The findings, in the order of files and places.
    pub diagnostics: Vec<DiagnosticJson>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosticJson {
    /// The stable id of the rule that found it.
    pub rule: String,
    /// `error` or `warning`.
    pub severity: Severity,
    /// The error as a sentence.
    pub message: String,
    /// The place; left out if the finding has none.
    #[serde(flatten)]
    pub place: Option<RangeJson>,
    /// Advice on how to fix it.
    pub help: Vec<String>,
    /// Other places that explain it.
    pub related: Vec<RelatedJson>,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RelatedJson {
    /// The note on that place.
    pub message: String,
    /// The place.
    #[serde(flatten)]
    pub place: RangeJson,
}

/// A part of a file; lines and columns count from 1, columns in characters, the end is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RangeJson {
    /// The file's path as it was given.
    pub file: String,
    /// The line where it begins.
    pub line: u32,
    /// The column where it begins.
    pub column: u32,
    /// The line where it ends.
    pub end_line: u32,
    /// The column after its last character.
    pub end_column: u32,
}

impl DiagnosticsJson {
    /// Puts findings into the form of the format.
    pub fn new(diagnostics: &[Diagnostic], files: &InputFiles) -> Self {
        let diagnostics = diagnostics.iter().map(|found| DiagnosticJson::new(found, files));
        Self {
            format_version: 1,
            diagnostics: diagnostics.collect(),
        }
    }
}

impl DiagnosticJson {
    fn new(found: &Diagnostic, files: &InputFiles) -> Self {
        let related = found.related.iter().map(|label| RelatedJson {
            message: label.text.clone(),
            place: RangeJson::new(label, files),
        });
        Self {
            rule: found.rule.to_owned(),
            severity: found.severity,
            message: found.message.clone(),
            place: found.at.as_ref().map(|label| RangeJson::new(label, files)),
            help: found.help.clone(),
            related: related.collect(),
        }
    }
}

impl RangeJson {
    fn new(label: &Label, files: &InputFiles) -> Self {
        let start = files.place(label.span);
        let end = files.end_place(label.span);
        Self {
            file: start.file,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}
