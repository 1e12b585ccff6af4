//! The canonical form of `inventory.yaml`: one text for one meaning, comments kept.

use spanned_yaml::diag::{Diagnostic, FileId, InputFiles};
use spanned_yaml::{Decode, DecodeContext, FormatStyle, laid_out};

use super::document::InventoryFile;
use super::emit::WIDTH;

/// The canonical form of inventories.
const STYLE: FormatStyle = FormatStyle {
    keys: &[
        "version", "code", "name", "priority", "sources", "groups", "stocks",
    ],
    in_braces: &["code", "group"],
    width: WIDTH,
};

/// The reason why a file is not formatted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is not an inventory.
    #[error("the file is not an inventory")]
    Findings(Vec<Diagnostic>),
    /// The canonical text would not say the same.
    #[error("the file is written in a way that has no canonical form")]
    NoCanonicalForm,
}

/// The canonical form of a file; it holds the same, and every comment.
///
/// Only the form is looked at: what a file wants may still be wrong.
pub fn format(files: &InputFiles, file: FileId) -> Result<String, FormatError> {
    let mut context = DecodeContext::default();
    let tree = spanned_yaml::read(files, file, &mut context.findings);
    let root = tree.as_ref().and_then(spanned_yaml::Tree::root);
    let decoded = root.and_then(|root| InventoryFile::decode(root, &mut context));
    let decoded = decoded.map(|file| look_through(file, &mut context));
    let text = files.file(file).map_or("", |file| file.text.as_str());
    let (Some(root), Some(()), false) = (root, decoded, context.findings.any_error()) else {
        return Err(FormatError::Findings(context.findings.sorted()));
    };
    let new = laid_out(text, STYLE).ok_or(FormatError::NoCanonicalForm)?;
    let mut after = InputFiles::default();
    let id = after.add("", new.as_str());
    let proof = spanned_yaml::read(&after, id, &mut context.findings);
    match proof.as_ref().and_then(spanned_yaml::Tree::root) {
        Some(again) if again.says_as(root) => Ok(new),
        _ => Err(FormatError::NoCanonicalForm),
    }
}

/// Reads the items of the lists, which decoding leaves for later.
fn look_through(file: InventoryFile<'_>, context: &mut DecodeContext) {
    if let Some(sources) = file.sources.good() {
        for node in sources.nodes() {
            sources.item(node, context);
        }
    }
    if let Some(groups) = file.groups.good() {
        for list in groups.0.entries.iter().filter_map(|(_, list)| list.as_ref()) {
            for node in list.nodes() {
                list.item(node, context);
            }
        }
    }
    let Some(stocks) = file.stocks.good() else { return };
    for node in stocks.nodes() {
        let links = stocks.item(node, context).and_then(|stock| stock.sources.good());
        let Some(links) = links else { continue };
        for node in links.0.nodes() {
            links.0.item(node, context);
        }
    }
}
