//! The folder of one target in the state directory, and its files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::JournalError;
use crate::disk;
use crate::reconcile::{TargetLabel, digest_hex};

/// The most characters of a shop's address in a folder's name. The digest tells shops apart.
const LONGEST_NAME: usize = 48;

/// A file or folder of a target's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateFile {
    /// Its name.
    pub name: &'static str,
    /// Its contents.
    pub holds: &'static str,
}

pub(super) const JOURNAL: StateFile = StateFile {
    name: "journal.jsonl",
    holds: "The journal: one line for each event of a run. It only grows, and it records an owed reindex.",
};
// A file of its own, so that the journal can be read while it is written.
pub(super) const LOCK: StateFile = StateFile {
    name: "lock",
    holds: "Held by the run that is at work. The file `lock.json` beside it names that run.",
};
pub(super) const PRE_IMAGES: StateFile = StateFile {
    name: "pre-images",
    holds: "A folder of inventory files with the state before each run, for `stocktake rollback`. Those that are no longer \
            needed may be deleted.",
};
pub(super) const DELIVERY_LOG: StateFile = StateFile {
    name: "told.json",
    holds: "The last notification that `stocktake drift --notify` sent to each web hook.",
};
pub(super) const DELIVERY_LOCK: StateFile = StateFile {
    name: "telling.lock",
    holds: "Held while notifications are sent. It hinders no run.",
};

/// The files and folders of a target's folder.
pub const STATE_FILES: [StateFile; 5] = [JOURNAL, PRE_IMAGES, DELIVERY_LOG, LOCK, DELIVERY_LOCK];

/// The folder of a target. It is named after the shop's address, so a renamed target of targets.yaml keeps its state.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn of(state_dir: &Path, target: &TargetLabel) -> Self {
        let address = target
            .url
            .split_once("://")
            .map_or(&*target.url, |(_, rest)| rest);
        let address = address.split(['/', '?', '#']).next().unwrap_or_default();
        let safe = |c: char| match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || c == '.' => c,
            _ => '-',
        };
        let name: String = address.chars().take(LONGEST_NAME).map(safe).collect();
        let name = name.trim_matches(['-', '.']);
        let digest = digest_hex(target.url.as_bytes());
        Self {
            path: state_dir.join(format!("{name}-{}", &digest[..8])),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn at(&self, file: StateFile) -> PathBuf {
        self.path.join(file.name)
    }

    pub(super) fn make(&self) -> Result<(), JournalError> {
        self.check()?;
        make_folder(&self.path)
    }

    /// Refuses symbolic links in the path and in the folder: a link that came with a checkout must not lead elsewhere.
    pub(super) fn check(&self) -> Result<(), JournalError> {
        disk::keeps_inside(&self.path).map_err(at(&self.path))?;
        for folder in [&self.path, &self.at(PRE_IMAGES)] {
            disk::refuse_link(folder).map_err(at(folder))?;
        }
        let files = [JOURNAL, LOCK, DELIVERY_LOG, DELIVERY_LOCK].map(|file| self.at(file));
        files
            .iter()
            .try_for_each(|path| disk::refuse_stream(path).map_err(at(path)))
    }
}

/// True if an open file is still the one at its path. A run with a removed or replaced file excludes no other run.
#[cfg(unix)]
pub(super) fn stands_at(file: &File, path: &Path) -> Result<bool, JournalError> {
    use std::os::unix::fs::MetadataExt as _;
    let held = file.metadata().map_err(at(path))?;
    let found = there(path)?;
    Ok(found.is_some_and(|found| held.nlink() > 0 && (held.dev(), held.ino()) == (found.dev(), found.ino())))
}

/// True if there is still a file at the path of an open one. Its identity is unknown here.
#[cfg(not(unix))]
pub(super) fn stands_at(_: &File, path: &Path) -> Result<bool, JournalError> {
    there(path).map(|found| found.is_some())
}

/// What stands at a path, if anything does.
fn there(path: &Path) -> Result<Option<fs::Metadata>, JournalError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(at(path)(error)),
    }
}

/// Names the file or folder that an error is about.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> JournalError + '_ {
    |source| JournalError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Creates a folder and those above it. Each is on the disk before it is used.
pub(super) fn make_folder(path: &Path) -> Result<(), JournalError> {
    if path.is_dir() || path.as_os_str().is_empty() {
        return Ok(());
    }
    let above = path.parent().unwrap_or(Path::new(""));
    make_folder(above)?;
    match fs::create_dir(path) {
        // Another run may have been first.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(at(path)(error)),
        _ => sync_names(above),
    }
}

/// Syncs the names of a folder's files to the disk.
pub(super) fn sync_names(folder: &Path) -> Result<(), JournalError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    sync(folder).map_err(at(folder))
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems cannot sync a folder, and keep names in their own way.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Outside Unix a folder cannot be opened like a file, and the system keeps its names.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a new file. It is on the disk when this returns.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), JournalError> {
    let write = || -> io::Result<()> {
        let mut file = File::create_new(path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(at(path))?;
    sync_names(path.parent().unwrap_or(Path::new("")))
}
