//! Loads `targets.yaml`. Text that may be a misplaced secret is never shown.

use spanned_yaml::diag::{Diagnostic, FileId, InputFiles, NEAR_LINES, Span};
use spanned_yaml::{Decode, DecodeContext, rules::EMPTY_FILE};

use super::document::TargetsFile;
use super::lower::Lowering;
use super::types::Targets;

/// The result of loading.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The targets; `None` if the files have an error.
    pub targets: Option<Targets>,
    /// All errors and warnings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the files of targets, usually one, and reports all their errors together.
///
/// Text that could not be understood is concealed in `files`: it may be a misplaced secret, and errors show lines.
pub fn load(files: &mut InputFiles) -> Loaded {
    let mut context = DecodeContext::confidential();
    let mut lowering = Lowering::default();
    for (id, _) in files.iter() {
        read(files, id, &mut lowering, &mut context);
    }
    for span in std::mem::take(&mut context.concealed) {
        files.conceal(span);
    }
    Loaded {
        targets: (!context.findings.any_error()).then(|| lowering.targets.with_keyring()),
        diagnostics: context.findings.sorted(),
    }
}

fn read(files: &InputFiles, file: FileId, lowering: &mut Lowering, context: &mut DecodeContext) {
    let tree = spanned_yaml::read(files, file, &mut context.findings);
    let spans = context
        .findings
        .iter()
        .flat_map(|found| values_beside(found, file, files));
    context.concealed.extend(spans);
    let Some(tree) = tree else { return };
    let Some(root) = tree.root().filter(|root| !root.is_null()) else {
        let found = EMPTY_FILE.at(file.start(), "the file says nothing");
        context.report(found.help("begin with `version: 1` and describe the shops under `targets:`"));
        return;
    };
    if let Some(document) = TargetsFile::decode(root, context) {
        lowering.file(document, files, context);
    }
}

/// The values in the lines that an error in the YAML itself shows. They may be secrets.
fn values_beside(found: &Diagnostic, file: FileId, files: &InputFiles) -> Vec<Span> {
    let labels = found.at.iter().chain(&found.related);
    let here = labels.filter(|label| label.span.file == file);
    let lines = here.map(|label| files.place(label.span).line);
    // Errors also show the lines between two labels that are near each other.
    let shown = lines.flat_map(|line| line.saturating_sub(NEAR_LINES)..=line.saturating_add(NEAR_LINES));
    shown.filter_map(|line| value_part(files, file, line)).collect()
}

/// The part of a line behind its first key; the whole line if it has none.
fn value_part(files: &InputFiles, file: FileId, number: u32) -> Option<Span> {
    let (line, start) = files.line(file, number)?;
    let after_key = line.find(':').map_or(0, |at| at + 1);
    let start = start as usize;
    Some(Span::new(file, start + after_key, start + line.len()))
}
