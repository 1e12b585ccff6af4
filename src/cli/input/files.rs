//! Reads the inventory files and makes the planner from them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use spanned_yaml::MAX_BYTES;
use spanned_yaml::diag::InputFiles;

use crate::cli::args::{FileArgs, GuardArgs};
use crate::cli::input::folder::{inventories, unreadable};
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::reconcile::GuardOverrides;
use crate::run::{Failure, Planner};

/// Upper bound on the size of all files of a run: 1.5 million links with explicit priorities.
const BUDGET: u64 = MAX_BYTES as u64;

/// Reads files, and those of folders. Checks the total size before reading any of them.
pub(crate) fn read_files(paths: &[PathBuf], printer: &Printer) -> Result<InputFiles, Failure> {
    read_each(distinct(paths, printer)?)
}

/// Reads one file, not a folder.
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

/// The files that the paths lead to, each once, if they are not too large together.
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

/// A path without parts such as a leading `./`: a plan is bound to its files by their paths.
fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    parts.filter(|part| !matches!(part, Component::CurDir)).collect()
}

/// The planner for the files, with the guards that the user overrides.
pub(crate) fn planner(files: &FileArgs, guards: &GuardArgs, printer: &Printer) -> Result<Planner, Failure> {
    let allow = GuardOverrides::parse(guards.allow.iter().map(String::as_str))
        .map_err(|error| Failure::usage(format!("--allow: {error}")))?;
    let planner = Planner::new(read_files(&files.files, printer)?)?;
    printer.warnings(&planner.warnings, &planner.files);
    planner.allowing(allow)
}
