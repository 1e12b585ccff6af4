//! Loads files into a checked topology, without a server.

use spanned_yaml::diag::{Diagnostic, InputFiles};
use spanned_yaml::{Decode, DecodeContext, rules::EMPTY_FILE};

use super::checks::CHECKS;
use super::document::InventoryFile;
use super::draft::{Draft, Unread};
use super::groups::expand;
use super::lower::lower;
use super::wanted::Spec;

/// The result of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The wanted topology; `None` with an error.
    pub spec: Option<Spec>,
    /// All errors and warnings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the files as one inventory and finds everything that is wrong with them in one go.
pub fn load(files: &InputFiles) -> Loaded {
    let mut context = DecodeContext::default();
    let mut draft = Draft::default();
    for (id, _) in files.iter() {
        let Some(tree) = spanned_yaml::read(files, id, &mut context.findings) else {
            draft.unread = Unread::EVERYTHING;
            continue;
        };
        let Some(root) = tree.root().filter(|root| !root.is_null()) else {
            let found = EMPTY_FILE.at(id.start(), "the file says nothing");
            context.report(found.help("begin with `version: 1` and list the stocks under `stocks:`"));
            continue;
        };
        match InventoryFile::decode(root, &mut context) {
            Some(file) => lower(file, &mut draft, &mut context),
            None => draft.unread = Unread::EVERYTHING,
        }
    }
    expand(&mut draft, &mut context.findings);
    for check in CHECKS {
        check(&draft, &mut context.findings);
    }
    Loaded {
        spec: (!context.findings.any_error()).then(|| draft.finish()),
        diagnostics: context.findings.sorted(),
    }
}
