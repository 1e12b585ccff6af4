//! The way from a text to targets; what may be a secret in the wrong place is never shown.

use spanned_yaml::diag::{Diagnostic, FileId, InputFiles, NEAR_LINES, Span};
use spanned_yaml::{Decode, DecodeContext, rules::EMPTY_FILE};

use super::document::TargetsFile;
use super::lower::Lowering;
use super::types::Targets;

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
    let mut reading = DecodeContext::confidential();
    let mut lowering = Lowering::default();
    for (id, _) in files.iter() {
        read(files, id, &mut lowering, &mut reading);
    }
    for span in std::mem::take(&mut reading.concealed) {
        files.conceal(span);
    }
    Loaded {
        targets: (!reading.findings.any_error()).then(|| lowering.targets.with_keyring()),
        diagnostics: reading.findings.sorted(),
    }
}

fn read(files: &InputFiles, file: FileId, lowering: &mut Lowering, reading: &mut DecodeContext) {
    let tree = spanned_yaml::read(files, file, &mut reading.findings);
    let spans: Vec<Span> = reading
        .findings
        .iter()
        .flat_map(|found| values_beside(found, file, files))
        .collect();
    reading.concealed.extend(spans);
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

/// The values in the lines that are shown for a mistake in the YAML itself: they are not known to be harmless.
fn values_beside(found: &Diagnostic, file: FileId, files: &InputFiles) -> Vec<Span> {
    let labels = found.at.iter().chain(&found.related);
    let lines = labels
        .filter(|label| label.span.file == file)
        .map(|label| files.place(label.span).line);
    // The lines between two labels that are near each other are shown, too.
    let shown = lines.flat_map(|line| line.saturating_sub(NEAR_LINES)..=line.saturating_add(NEAR_LINES));
    shown.filter_map(|line| value_part(files, file, line)).collect()
}

/// The part of a line that follows its first key; the whole line when it has none.
fn value_part(files: &InputFiles, file: FileId, number: u32) -> Option<Span> {
    let (line, start) = files.line(file, number)?;
    let after_key = line.find(':').map_or(0, |at| at + 1);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(Span {
        file,
        start: start + small(after_key),
        end: start + small(line.len()),
    })
}
