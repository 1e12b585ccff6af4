//! The way from a text to targets; what may be a secret in the wrong place is never shown.

use super::document::TargetsFile;
use super::lower::lower;
use super::types::Targets;
use crate::diag::{Diagnostic, FileId, InputFiles, Span};
use crate::yaml::{self, Decode, Reading, rules::EMPTY_FILE};

/// What became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The targets; `None` when something is wrong with the file.
    pub targets: Option<Targets>,
    /// All that is wrong or odd, in the order of places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one file of targets and finds everything that is wrong with it in one go.
///
/// What could not be understood is concealed in `files`: a secret may stand there by mistake, and errors show lines.
pub fn load(files: &mut InputFiles, file: FileId) -> Loaded {
    let mut reading = Reading::confidential();
    let targets = read(files, file, &mut reading);
    let Reading {
        findings, concealed, ..
    } = reading;
    let fits = !findings.any_error();
    let diagnostics = findings.sorted();
    for span in concealed {
        files.conceal(span);
    }
    Loaded {
        targets: targets.filter(|_| fits),
        diagnostics,
    }
}

fn read(files: &InputFiles, file: FileId, reading: &mut Reading) -> Option<Targets> {
    let tree = yaml::read(files, file, &mut reading.findings);
    // What stands beside a mistake in the YAML itself is not known to be harmless.
    let lines: Vec<Span> = reading
        .findings
        .places()
        .filter_map(|span| value_part(files, span))
        .collect();
    reading.concealed.extend(lines);
    let tree = tree?;
    let Some(root) = tree.root().filter(|root| !root.is_null()) else {
        let start = Span {
            file,
            start: 0,
            end: 0,
        };
        let found = EMPTY_FILE.at(start, "the file says nothing");
        reading
            .findings
            .push(found.help("begin with `version: 1` and describe the shops under `targets:`"));
        return None;
    };
    let document = TargetsFile::decode(root, reading)?;
    Some(lower(document, root.head(), reading))
}

/// The part of a place's line that follows its first key; the whole line when it has none.
fn value_part(files: &InputFiles, span: Span) -> Option<Span> {
    let place = files.place(span);
    let (line, start) = files.line(span.file, place.line)?;
    let after_key = line.find(':').map_or(0, |at| at + 1);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(Span {
        file: span.file,
        start: start + small(after_key),
        end: start + small(line.len()),
    })
}
