//! Files that are written whole or not at all, and never through a link.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::place::{a_link, keeps_inside, working_folder_of};

/// Replaces a file atomically: a reader finds the old content or the new one, never a part. Refuses a link, which may lead
/// anywhere.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let known = known_at(path)?;
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        // A device or a pipe must not be replaced by a file.
        let mut stream = OpenOptions::new().append(true).open(path)?;
        return stream.write_all(text.as_bytes());
    }
    keeps_inside(folder_of(path))?;
    let file = beside(path, text)?;
    if let Some(known) = known {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.persist(path)?;
    Ok(())
}

/// Writes a new file. If the path exists, fails with `AlreadyExists`.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    keeps_inside(folder_of(path))?;
    beside(path, text)?.persist_noclobber(path)?;
    Ok(())
}

/// The real file to edit for a path found at or below a named one. A link may lead to a file of the same tree; the link stays
/// and that file is edited.
pub fn edited(path: &Path, named: &[PathBuf]) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    let tree = match working_folder_of(path)? {
        Some(here) => Some(here),
        None => tree_of(path, named)?,
    };
    if tree.is_none_or(|tree| !real.starts_with(tree)) {
        let message = format!(
            "it leads out of the tree, to {}; edit that file itself",
            real.display()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(real)
}

/// Removes the file of an earlier run; a device or a pipe stays.
pub fn remove_old(path: &Path) -> io::Result<()> {
    match known_at(path)? {
        Some(known) if known.is_file() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// What stands at a path, if anything does. Refuses a link that is not the system's.
fn known_at(path: &Path) -> io::Result<Option<Metadata>> {
    match path.symlink_metadata() {
        Ok(known) if known.is_symlink() && !is_of_the_system(path) => Err(link(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        known => known.map(Some),
    }
}

/// The named folder that contains a path outside of the working folder, or the folder of the named file.
fn tree_of(path: &Path, named: &[PathBuf]) -> io::Result<Option<PathBuf>> {
    let above = named.iter().find(|named| path.starts_with(named));
    let Some(above) = above else { return Ok(None) };
    let folder = if above.is_dir() { above } else { folder_of(above) };
    folder.canonicalize().map(Some)
}

/// True for a link with which the system names a stream, such as `/dev/stdout`.
fn is_of_the_system(link: &Path) -> bool {
    let folder = folder_of(link).canonicalize();
    folder.is_ok_and(|folder| ["/dev", "/proc"].iter().any(|system| folder.starts_with(system)))
}

fn link(path: &Path) -> io::Error {
    a_link(
        "it",
        &match path.canonicalize() {
            Ok(real) => format!("remove it, or name {} itself", real.display()),
            Err(_) => "remove it".to_owned(),
        },
    )
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Writes the text to a temporary file in the folder of `target`.
fn beside(target: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask applies, as for any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(folder_of(target))
        // The full error would name the temporary file.
        .map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::{Path, edited, fs, io, remove_old, replace, write_new};

    #[test]
    fn a_file_is_made_or_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.md");
        replace(&path, "one").unwrap();
        replace(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_replaces_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inventory.yaml");
        write_new(&path, "one").unwrap();
        let error = write_new(&path, "two").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        replace(&folder.path().join("none/plan.md"), "x").unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_never_written_through_and_a_device_stays_what_it_is() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        let lost = folder.path().join("lost");
        symlink(folder.path().join("nowhere"), &lost).unwrap();
        for link in [&link, &lost] {
            let message = replace(link, "new").unwrap_err().to_string();
            assert!(
                message.starts_with("it is a link, and no link is written through; remove it"),
                "{message}"
            );
            assert_eq!(
                write_new(link, "new").unwrap_err().kind(),
                io::ErrorKind::AlreadyExists
            );
            remove_old(link).unwrap_err();
            assert!(link.is_symlink());
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert!(!folder.path().join("nowhere").exists());
        replace(Path::new("/dev/null"), "x").unwrap();
        remove_old(Path::new("/dev/null")).unwrap();
        assert!(Path::new("/dev/null").exists() && !Path::new("/dev/null").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_found_file_is_edited_in_its_own_tree_only() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let (inside, outside) = (tree.join("real"), folder.path().join("outside"));
        for file in [&inside, &outside] {
            fs::write(file, "old").unwrap();
        }
        symlink("real", tree.join("good")).unwrap();
        symlink(&outside, tree.join("bad")).unwrap();
        symlink(folder.path(), tree.join("above")).unwrap();
        let named = [tree.clone()];
        assert_eq!(
            edited(&tree.join("good"), &named).unwrap(),
            inside.canonicalize().unwrap()
        );
        for bad in ["bad", "above/outside"] {
            edited(&tree.join(bad), &named).unwrap_err();
        }
        // A path that the user names may lie behind a link to a folder.
        let own = edited(&tree.join("above/outside"), &[tree.join("above")]).unwrap();
        assert_eq!(own, outside.canonicalize().unwrap());
    }
}
