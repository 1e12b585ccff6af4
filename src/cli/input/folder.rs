//! Finds the inventory files of a folder and its sub-folders. Warns of files that only look like one.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::INVENTORY;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::Failure;

/// Upper bound on files and folders to search: a folder of inventories has far fewer, a whole disk more.
const MOST_ENTRIES: usize = 100_000;

/// Upper bound on warnings about skipped files.
const MOST_LISTED: usize = 20;

/// The .yaml and .yml files of a folder and its sub-folders, in the order of their paths. Names that begin with a dot are
/// skipped, as other tools do. Links are followed; each folder is read once.
pub(crate) fn inventories(folder: &Path, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let mut walk = Walk::default();
    walk.links.push_back(folder.to_owned());
    loop {
        if let Some(next) = walk.folders.pop_front() {
            walk.folder(folder, &next)?;
        } else if let Some(path) = walk.links.pop_front() {
            let real = path.canonicalize().map_err(|error| unreadable(&path, &error))?;
            walk.folder(folder, &Folder { path, real })?;
        } else {
            break;
        }
    }
    walk.similar.sort();
    for path in walk.similar.iter().take(MOST_LISTED) {
        let path = path.display();
        printer.warn(&format!(
            "{path} is passed over: its name does not end with .yaml or .yml"
        ));
    }
    if walk.found.is_empty() {
        let message = format!("the folder {} holds no .yaml or .yml file", folder.display());
        return Err(Failure::error(message));
    }
    walk.found.sort();
    Ok(walk.found)
}

/// A folder by the name that it was found by, with its real path. Resolving that anew at each level would take quadratic
/// time.
struct Folder {
    path: PathBuf,
    real: PathBuf,
}

#[derive(Default)]
struct Walk {
    folders: VecDeque<Folder>,
    /// Links to folders: read last, so that a folder keeps its own name where a link leads to it too.
    links: VecDeque<PathBuf>,
    read: BTreeSet<PathBuf>,
    entries: usize,
    found: Vec<PathBuf>,
    similar: Vec<PathBuf>,
}

impl Walk {
    fn folder(&mut self, top: &Path, folder: &Folder) -> Result<(), Failure> {
        let failed = |error| unreadable(&folder.path, &error);
        if !self.read.insert(folder.real.clone()) {
            return Ok(());
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(&folder.path).map_err(failed)? {
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                let message = format!(
                    "the folder {} holds more than {MOST_ENTRIES} files",
                    top.display()
                );
                return Err(Failure::error(message).hint("name the folder of the inventory files alone"));
            }
            entries.push(entry.map_err(failed)?);
        }
        entries.sort_by_key(DirEntry::file_name);
        entries.iter().try_for_each(|entry| self.entry(folder, entry))
    }

    fn entry(&mut self, folder: &Folder, entry: &DirEntry) -> Result<(), Failure> {
        let (name, path) = (entry.file_name(), entry.path());
        if name.as_encoded_bytes().starts_with(b".") {
            return Ok(());
        }
        let own = entry.file_type().map_err(|error| unreadable(&path, &error))?;
        let kind = match fs::metadata(&path) {
            Ok(known) => known.file_type(),
            // It may have been a folder of inventories.
            Err(error) if is_inventory(&name) || path.extension().is_none() => {
                return Err(unreadable(&path, &error));
            }
            Err(_) => {
                self.passed_over(&name, path);
                return Ok(());
            }
        };
        match (kind, is_inventory(&name)) {
            (kind, true) if kind.is_file() => self.found.push(path),
            (kind, true) => return Err(no_file(&path, kind)),
            (kind, false) if !kind.is_dir() => self.passed_over(&name, path),
            _ if own.is_symlink() => self.links.push_back(path),
            _ => self.folders.push_back(Folder {
                real: folder.real.join(&name),
                path,
            }),
        }
        Ok(())
    }

    /// Notes a file that looks like an inventory put aside, or like a misspelt name.
    fn passed_over(&mut self, name: &OsStr, path: PathBuf) {
        let name = name.to_string_lossy().to_ascii_lowercase();
        if [".yaml", ".yml"].iter().any(|ending| name.contains(ending)) {
            self.similar.push(path);
        }
    }
}

fn is_inventory(name: &OsStr) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

fn no_file(path: &Path, kind: FileType) -> Failure {
    let (path, kind) = (
        path.display(),
        if kind.is_dir() {
            "a folder"
        } else {
            "a pipe or a device"
        },
    );
    Failure::error(format!("{path} is named like an inventory file and is {kind}"))
        .hint("rename it or take it away: an inventory is not passed over in silence")
}

/// A file or folder that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{} cannot be read", path.display());
    if let Some(lost) = disk::lost_link(path) {
        return Failure::error(message).caused_by(&lost);
    }
    let failure = Failure::error(message).caused_by(error);
    if error.kind() != io::ErrorKind::NotFound {
        return failure;
    }
    let failure = failure.hint("name the files with -f, or run the command where inventory.yaml stands");
    if path != Path::new(INVENTORY) {
        return failure;
    }
    failure
        .hint("`stocktake export --out inventory.yaml` writes one that says what the shop has now")
        .hint("`stocktake init` writes the files that a team starts with")
}
