//! Where a path leads in truth: a link that somebody committed must not lead a write elsewhere.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::read::no_file;

/// A path that stands in the working folder by its name must stand there in truth: what leads elsewhere may be a link that
/// came with the files, not one that the user made. A path that names another folder is the user's own.
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

/// A file or folder of our own is never a link.
pub fn refuse_link(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        return Err(a_link("it", "remove the link"));
    }
    Ok(())
}

/// A file of our own is a file, if it is there.
pub fn refuse_stream(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(known) if known.is_symlink() => refuse_link(path),
        Ok(known) if !known.is_file() => Err(no_file(known.file_type())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The working folder, for a path that stands in it by its name.
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

/// The nearest part of a path that is there, and what it is in truth.
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
