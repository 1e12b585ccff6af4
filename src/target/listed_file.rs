//! The inventory files that a target lists.

use std::path::PathBuf;

use spanned_yaml::diag::Place;

/// An inventory file or folder that a target lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Its path, as it is written.
    pub path: PathBuf,
    /// The place where it is listed.
    pub place: Place,
}
