//! Keeps the state directory out of git.

use std::io;
use std::path::Path;

use crate::disk;

/// The line for the state directory.
const LINE: &str = ".stocktake/\n";

/// Adds the state directory to the folder's .gitignore, where the folder is in a git work tree and no line of the file names
/// it. Returns true if the file was changed.
pub(super) fn add(folder: &Path) -> io::Result<bool> {
    let is_work_tree = folder
        .canonicalize()?
        .ancestors()
        .any(|above| above.join(".git").exists());
    let path = folder.join(".gitignore");
    let bytes = disk::read_if_there(&path, disk::LARGEST_TEXT)?.unwrap_or_default();
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    if !is_work_tree || names_it(&text) {
        return Ok(false);
    }
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    disk::replace(&path, &format!("{text}{end}{LINE}"))?;
    Ok(true)
}

fn names_it(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("**").trim_matches('/'));
    lines.any(|line| line == ".stocktake")
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn the_state_directory_is_added_once_and_in_a_work_tree_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".gitignore");
        assert!(!add(folder.path()).unwrap() && !path.exists());
        // A work tree that git made beside another one has a file of that name.
        std::fs::write(folder.path().join(".git"), "gitdir: elsewhere\n").unwrap();
        for (before, after) in [
            ("", ".stocktake/\n"),
            ("target", "target\n.stocktake/\n"),
            ("target\n", "target\n.stocktake/\n"),
            ("/.stocktake\n", "/.stocktake\n"),
            ("**/.stocktake/\r\n", "**/.stocktake/\r\n"),
        ] {
            std::fs::write(&path, before).unwrap();
            for is_first in [true, false] {
                let changed = add(folder.path()).unwrap();
                assert_eq!(changed, is_first && before != after, "{before:?}");
                assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
            }
        }
    }

    #[test]
    fn a_subfolder_of_a_work_tree_has_a_file_of_its_own() {
        let tree = tempfile::tempdir().unwrap();
        let folder = tree.path().join("inventory");
        std::fs::create_dir_all(tree.path().join(".git")).unwrap();
        std::fs::create_dir(&folder).unwrap();
        assert!(add(&folder).unwrap());
        assert!(folder.join(".gitignore").exists() && !tree.path().join(".gitignore").exists());
    }
}
