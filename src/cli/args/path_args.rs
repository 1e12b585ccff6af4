//! Inventory files of commands that work on files alone: named as arguments or with `-f`.

use std::path::PathBuf;

use clap::Args;

use super::INVENTORY;

/// The inventory files, as arguments or options.
#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    /// A file, or a folder of .yaml and .yml files; inventory.yaml if none is named.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The same as an option, as other commands take it.
    #[arg(short, long = "file", value_name = "PATH")]
    files: Vec<PathBuf>,
}

impl PathArgs {
    /// The paths that are named, arguments first, or the usual file.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let named = self.paths.iter().chain(&self.files);
        let named: Vec<_> = named.cloned().collect();
        if named.is_empty() {
            vec![PathBuf::from(INVENTORY)]
        } else {
            named
        }
    }
}
