//! The way from a text to targets; what may be a secret in the wrong place is never shown.

use super::document::TargetsFile;
use super::lower::Lowering;
use super::types::Targets;
use crate::diag::{Diagnostic, FileId, InputFiles, Span};
use crate::yaml::{self, Decode, Reading, rules::EMPTY_FILE};

/// What became of the files.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The targets; `None` when something is wrong with the files.
    pub targets: Option<Targets>,
    /// All that is wrong or odd, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads files of targets, usually one, and finds everything that is wrong with them in one go.
///
/// What could not be understood is concealed in `files`: a secret may stand there by mistake, and errors show lines.
pub fn load(files: &mut InputFiles) -> Loaded {
    let mut reading = Reading::confidential();
    let mut lowering = Lowering::default();
    for (id, _) in files.iter() {
        read(files, id, &mut lowering, &mut reading);
    }
    for span in std::mem::take(&mut reading.concealed) {
        files.conceal(span);
    }
    Loaded {
        targets: (!reading.findings.any_error()).then_some(lowering.targets),
        diagnostics: reading.findings.sorted(),
    }
}

fn read(files: &InputFiles, file: FileId, lowering: &mut Lowering, reading: &mut Reading) {
    let tree = yaml::read(files, file, &mut reading.findings);
    // What stands beside a mistake in the YAML itself is not known to be harmless.
    let places: Vec<Span> = reading
        .findings
        .places()
        .filter(|span| span.file == file)
        .collect();
    reading
        .concealed
        .extend(places.into_iter().filter_map(|span| value_part(files, span)));
    let Some(tree) = tree else { return };
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
        return;
    };
    if let Some(document) = TargetsFile::decode(root, reading) {
        lowering.file(document, reading);
    }
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
