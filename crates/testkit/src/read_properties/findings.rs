//! Properties that hold of every finding: its rule is known, its place is in the file, its text is safe to show.

use spanned_yaml::diag::{Diagnostic, DiagnosticsJson, InputFiles, Label, Severity, Style, render};

use super::holds_nothing_hidden;

/// These count findings and are about no place.
const PLACELESS: [&str; 2] = ["more-errors", "more-warnings"];

/// Holds findings about files to their properties.
pub fn hold(findings: &[Diagnostic], files: &InputFiles) {
    for found in findings {
        let rule = stocktake::rules().find(|rule| rule.id == found.rule && rule.severity == found.severity);
        assert!(rule.is_some(), "no such rule: {found:?}");
        assert!(!found.message.is_empty());
        assert_eq!(found.at.is_none(), PLACELESS.contains(&found.rule), "{found:?}");
        for label in found.at.iter().chain(&found.related) {
            is_in_its_file(label, files);
        }
    }
    let plain = render(findings, files, Style::Plain);
    holds_nothing_hidden(&plain);
    let coloured = render(findings, files, Style::Coloured);
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    let document = DiagnosticsJson::new(findings, files);
    assert!(serde_json::to_string(&document).is_ok());
    for place in document
        .diagnostics
        .iter()
        .filter_map(|found| found.place.as_ref())
    {
        assert!((place.line, place.column) <= (place.end_line, place.end_column));
    }
}

/// Holds the result of a loader together: it is used exactly when no finding is an error.
pub fn decide(findings: &[Diagnostic], used: bool) {
    let any_error = findings.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(used, !any_error, "{findings:?}");
}

fn is_in_its_file(label: &Label, files: &InputFiles) {
    let span = label.span;
    let file = files.file(span.file).expect("a span is of a known file");
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end, "{label:?}");
    assert!(
        file.text.get(start..end).is_some(),
        "{label:?} is no part of {:?}",
        file.text
    );
    let place = files.place(span);
    let line = file.text.split('\n').nth(place.line as usize - 1);
    let line = line.expect("a line of the file");
    assert!(place.column as usize <= line.chars().count() + 1, "{place}");
}
