//! The input files: found, read and checked.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use spanned_yaml::MAX_BYTES;
use spanned_yaml::diag::{Diagnostic, InputFiles};

use crate::cli::failure::Failure;
use crate::cli::input::folder::inventories;
use crate::cli::output::printer::Printer;
use crate::disk;
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

/// The most that all files of a run hold together: 1.5 million links with explicit numbers.
const BUDGET: u64 = MAX_BYTES as u64;

/// Reads files, and those of folders. How much they hold is looked at before any of them is read.
pub(crate) fn read_files(paths: &[PathBuf], printer: &Printer) -> Result<InputFiles, Failure> {
    read_each(distinct(paths, printer)?)
}

/// Reads one file; a folder is none.
pub(crate) fn read_file(path: &Path) -> Result<InputFiles, Failure> {
    read_each([path.to_owned()])
}

fn read_each(paths: impl IntoIterator<Item = PathBuf>) -> Result<InputFiles, Failure> {
    let mut left = BUDGET;
    let mut files = InputFiles::default();
    for path in paths {
        let bytes = disk::read(&path, left).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => too_much(&path),
            _ => unreadable(&path, &error),
        })?;
        left -= bytes.len() as u64;
        files.add_bytes(plain(&path).display().to_string(), bytes);
    }
    Ok(files)
}

/// The files that paths lead to, each once, if they are not too much.
fn distinct(paths: &[PathBuf], printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let mut distinct = Vec::new();
    let mut known: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut total: u64 = 0;
    for path in paths {
        let found = if path.is_dir() {
            inventories(path, printer)?
        } else {
            vec![path.clone()]
        };
        for path in found {
            let failed = |error| unreadable(&path, &error);
            let real = path.canonicalize().map_err(failed)?;
            if let Some(first) = known.get(&real) {
                let (first, again) = (plain(first), plain(&path));
                if first != again {
                    let (first, again) = (first.display(), again.display());
                    printer.note(&format!(
                        "note: {first} and {again} are one file, which is read once"
                    ));
                }
                continue;
            }
            total = total.saturating_add(real.metadata().map_err(failed)?.len());
            if total > BUDGET {
                return Err(too_much(&path));
            }
            known.insert(real, path.clone());
            distinct.push(path);
        }
    }
    Ok(distinct)
}

fn too_much(path: &Path) -> Failure {
    let (path, most) = (path.display(), disk::size(BUDGET));
    let message = format!("{path} cannot be read: the files of a run hold at most {most} together");
    Failure::error(message).hint("name those alone that are meant")
}

/// A path without what says nothing, such as a leading `./`: a plan is bound to its files by their paths.
fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    parts.filter(|part| !matches!(part, Component::CurDir)).collect()
}

/// A file or folder that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{} cannot be read", path.display());
    if let Some(lost) = disk::lost_link(path) {
        return Failure::error(message).caused_by(&lost);
    }
    let failure = Failure::error(message).caused_by(error);
    if error.kind() == io::ErrorKind::NotFound {
        return failure.hint("name the files with -f, or run the command where inventory.yaml stands");
    }
    failure
}
