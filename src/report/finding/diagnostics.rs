//! Diagnostics of files as findings.

use spanned_yaml::diag::{Diagnostic, InputFiles, Severity, joined};

use super::{Finding, Level};

/// Converts diagnostics of files to findings, in the same order.
pub fn diagnostic_findings(diagnostics: &[Diagnostic], files: &InputFiles) -> Vec<Finding> {
    diagnostics.iter().map(|found| finding(found, files)).collect()
}

fn finding(found: &Diagnostic, files: &InputFiles) -> Finding {
    let at = found.at.as_ref();
    let end = at.map(|label| files.end_place(label.span));
    let help = found.help.iter().map(|sentence| format!("help: {sentence}"));
    let message = joined(std::iter::once(found.message.clone()).chain(help), "\n");
    let level = match found.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    Finding {
        place: at.map(|label| files.place(label.span)),
        end: end.map(|place| (place.line, place.column)),
        ..Finding::new(found.rule, level, found.rule, message, &*found.message)
    }
}
