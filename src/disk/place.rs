//! Resolves paths, so that a committed link does not lead a write out of the working folder.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::read::no_file;

/// Fails if a path within the working folder leads out of it by a link: the link may have come with the files. A path that
/// names another folder is the user's choice.
pub fn keeps_inside(path: &Path) -> io::Result<()> {
    let Some(here) = working_folder_of(path)? else {
        return Ok(());
    };
    let Some((link, real)) = nearest(path)? else {
        return Ok(());
    };
    if real.starts_with(&here) {
        return Ok(());
    }
    let message = format!(
        "{} leads out of the working folder, to {}; if that is meant, name that place itself",
        link.display(),
        real.display()
    );
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Fails if the path is a link. Files and folders of stocktake never are.
pub fn refuse_link(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        return Err(a_link("it", "remove the link"));
    }
    Ok(())
}

/// Fails if the path exists and is not a regular file.
pub fn refuse_stream(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(known) if known.is_symlink() => refuse_link(path),
        Ok(known) if !known.is_file() => Err(no_file(known.file_type())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The working folder; `None` if the path does not lie in it by its name.
pub(super) fn working_folder_of(path: &Path) -> io::Result<Option<PathBuf>> {
    let here = env::current_dir()?;
    let below = if path.is_absolute() {
        path.strip_prefix(&here)
    } else {
        Ok(path)
    };
    let stays = below.is_ok_and(|path| {
        let mut parts = path.components();
        parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    });
    if stays {
        here.canonicalize().map(Some)
    } else {
        Ok(None)
    }
}

/// The longest existing part of a path, and its real path.
fn nearest(path: &Path) -> io::Result<Option<(&Path, PathBuf)>> {
    for part in path.ancestors().filter(|part| !part.as_os_str().is_empty()) {
        match part.canonicalize() {
            Ok(real) => return Ok(Some((part, real))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Err(_) => refuse_link(part)?,
        }
    }
    Ok(None)
}

pub(super) fn a_link(what: &str, way_out: &str) -> io::Error {
    let message = format!("{what} is a link, and no link is written through; {way_out}");
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
