//! Tests whether a run could write its state, and leaves nothing behind.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::JournalError;
use super::file::Journal;
use super::folder::{Folder, at};
use crate::reconcile::TargetLabel;

impl Journal {
    /// Reads the journal, then writes and removes a file in the folder of a target, or where that folder would be created.
    /// Returns the number of free bytes there, where it is known.
    pub fn try_out(state_dir: &Path, target: &TargetLabel) -> Result<Option<u64>, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.check()?;
        Self::read_state(state_dir, target)?;
        let wanted = folder.path();
        let there = wanted.ancestors().find(|path| path.exists());
        // The last ancestor of a relative path is empty, and means the working directory.
        let there = there
            .filter(|path| !path.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), Path::to_owned);
        let written = || {
            let mut file = tempfile::Builder::new().prefix(".probe-").tempfile_in(&there)?;
            file.write_all(b"probe\n")?;
            file.as_file().sync_all()?;
            file.close()?;
            free(&there)
        };
        written().map_err(at(&there))
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> std::io::Result<Option<u64>> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(Some(found.f_bavail.saturating_mul(found.f_frsize)))
}

#[cfg(not(unix))]
fn free(_: &Path) -> std::io::Result<Option<u64>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::Journal;
    use crate::reconcile::TargetLabel;

    #[test]
    fn a_probe_leaves_nothing_and_tells_where_nothing_can_be_kept() {
        let label = TargetLabel {
            name: "shop".to_owned(),
            url: "https://shop.example/".to_owned(),
        };
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("deep/state");
        assert_ne!(Journal::try_out(&state, &label).unwrap(), Some(0));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        std::fs::create_dir_all(&state).unwrap();
        Journal::try_out(&state, &label).unwrap();
        assert_eq!(std::fs::read_dir(&state).unwrap().count(), 0);
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Journal::try_out(&file.join("state"), &label)
            .unwrap_err()
            .to_string();
        assert!(error.contains("file"), "{error}");
    }
}
