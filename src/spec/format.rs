//! The canonical form of `inventory.yaml`: one text for one meaning, comments kept.

use spanned_yaml::diag::{Diagnostic, FileId, InputFiles};
use spanned_yaml::{Canon, Decode, Reading, laid_out};

use super::document::InventoryFile;
use super::emit::WIDTH;

/// The canonical form of inventories.
const CANON: Canon = Canon {
    keys: &["version", "code", "name", "priority", "sources", "stocks"],
    in_braces: "code",
    width: WIDTH,
};

/// Why a file has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is no inventory.
    #[error("the file is no inventory")]
    Findings(Vec<Diagnostic>),
    /// The canonical text would not say the same.
    #[error("the file is written in a way that has no canonical form")]
    Unproven,
}

/// The canonical form of a file; it holds the same, and every comment.
///
/// Only the form is looked at: what a file wants may still be wrong.
pub fn format(files: &InputFiles, file: FileId) -> Result<String, FormatError> {
    let mut reading = Reading::default();
    let tree = spanned_yaml::read(files, file, &mut reading.findings);
    let root = tree.as_ref().and_then(spanned_yaml::Tree::root);
    let decoded = root.and_then(|root| InventoryFile::decode(root, &mut reading));
    let decoded = decoded.map(|file| look_through(file, &mut reading));
    let text = files.file(file).map_or("", |file| file.text.as_str());
    let (Some(root), Some(()), false) = (root, decoded, reading.findings.any_error()) else {
        return Err(FormatError::Findings(reading.findings.sorted()));
    };
    let new = laid_out(text, CANON).ok_or(FormatError::Unproven)?;
    let mut after = InputFiles::default();
    let id = after.add(spanned_yaml::diag::InputFile {
        path: String::new(),
        text: new.clone(),
    });
    let proof = spanned_yaml::read(&after, id, &mut reading.findings);
    match proof.as_ref().and_then(spanned_yaml::Tree::root) {
        Some(again) if again.says_as(root) => Ok(new),
        _ => Err(FormatError::Unproven),
    }
}

/// Reads the items of the lists, which decoding leaves for later.
fn look_through(file: InventoryFile<'_>, reading: &mut Reading) {
    if let Some(sources) = file.sources.good() {
        for node in sources.nodes() {
            sources.item(node, reading);
        }
    }
    let Some(stocks) = file.stocks.good() else { return };
    for node in stocks.nodes() {
        let links = stocks.item(node, reading).and_then(|stock| stock.sources.good());
        let Some(links) = links else { continue };
        for node in links.0.nodes() {
            links.0.item(node, reading);
        }
    }
}
