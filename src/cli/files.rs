//! The input files: found, read and checked.

use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use super::printer::Printer;
use crate::diag::{Diagnostic, InputFiles};
use crate::spec::{Spec, load};

/// What the files want, with the files themselves.
pub(crate) struct Wanted {
    pub spec: Spec,
    pub files: InputFiles,
    pub warnings: Vec<Diagnostic>,
}

impl Wanted {
    /// Checks files; what is wrong with them stops the command, what is odd is told.
    pub(crate) fn load(files: InputFiles, printer: &Printer) -> Result<Self, Failure> {
        let loaded = load(&files);
        match loaded.spec {
            Some(spec) => {
                printer.warnings(&loaded.diagnostics, &files);
                Ok(Self {
                    spec,
                    files,
                    warnings: loaded.diagnostics,
                })
            }
            None => Err(Failure::findings(
                "the files cannot be used",
                loaded.diagnostics,
                files,
            )),
        }
    }
}

/// Reads files, and the .yaml and .yml files of folders in the order of their names.
pub(crate) fn read_files(paths: &[PathBuf]) -> Result<InputFiles, Failure> {
    let mut files = InputFiles::default();
    let mut taken = std::collections::BTreeSet::new();
    for path in paths {
        for path in if path.is_dir() {
            yaml_files(path)?
        } else {
            vec![path.clone()]
        } {
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            // The same file named twice, once by its folder perhaps, is still one file.
            if taken.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
                files.add_bytes(plain(&path).display().to_string(), bytes);
            }
        }
    }
    Ok(files)
}

/// A path without what says nothing, such as a leading `./`: a plan is bound to its files by their paths.
fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    parts.filter(|part| !matches!(part, Component::CurDir)).collect()
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| unreadable(folder, &error))?;
    let is_yaml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
            && path.is_file()
    };
    let mut found: Vec<PathBuf> = entries
        .into_iter()
        .map(|entry| entry.path())
        .filter(is_yaml)
        .collect();
    found.sort();
    if found.is_empty() {
        return Err(Failure::error(format!(
            "the folder {} holds no .yaml or .yml file",
            folder.display()
        )));
    }
    Ok(found)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::error(format!("{} cannot be read", path.display())).caused_by(error);
    if error.kind() == std::io::ErrorKind::NotFound {
        return failure.hint("name the files with -f, or run the command where inventory.yaml stands");
    }
    failure
}
