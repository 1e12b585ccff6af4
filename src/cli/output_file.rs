//! Files that a command writes: whole or not at all, and never over another without being told to.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;

/// Writes a file that is not there yet; with `force` also over one that is.
pub(crate) fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if force {
        return replace(path, text);
    }
    let new = written(path, text)?;
    match new.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Failure::error(format!("{} is there already", path.display()))
                .hint("name another file, or replace it with --force"))
        }
        Err(error) => Err(unwritable(path, &error.error)),
    }
}

/// Writes a file in place of what is there, keeping its permissions; a link to a file stays one.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let new = written(&path, text)?;
    if let Ok(old) = path.metadata() {
        let kept = new.as_file().set_permissions(old.permissions());
        kept.map_err(|error| unwritable(&path, &error))?;
    }
    new.persist(&path)
        .map_err(|error| unwritable(&path, &error.error))?;
    Ok(())
}

/// The text in a new file beside the one that it shall become.
fn written(path: &Path, text: &str) -> Result<NamedTempFile, Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let write = || {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any other new file; the umask takes its share.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut new = builder.tempfile_in(&folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        Ok(new)
    };
    write().map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::error(format!("{} cannot be written", path.display())).caused_by(error)
}
