//! Reads files up to a size limit. Refuses a larger file, and anything but a regular file, before reading it.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Size limit for documents that programs write. A saved plan of a million links takes half of it.
pub const LARGEST_DOCUMENT: u64 = 512 << 20;

/// Size limit for texts that people write, certificates, metrics, and notes of other runs.
pub const LARGEST_TEXT: u64 = 16 << 20;

/// Reads a whole file. Refuses pipes, devices and folders: a read of them may never end.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Checked before opening, since opening a device may have an effect.
    check_size(&path.metadata()?, most)?;
    let file = opened(path)?;
    // Checked again, since the path may name another file by now.
    let known = file.metadata()?;
    check_size(&known, most)?;
    within(file, known.len(), most)
}

/// Reads a whole file as [`read`] does; `None` if there is none.
pub fn read_if_there(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    match read(path, most) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Reads a stream to its end.
pub fn read_stream(stream: impl Read, most: u64) -> io::Result<Vec<u8>> {
    within(stream, 0, most)
}

/// Formats a size for people.
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        bytes => format!("{} KiB", bytes >> 10),
    }
}

/// The error for a link whose target does not exist; `None` for any other path.
pub fn lost_link(path: &Path) -> Option<io::Error> {
    let leads_to = fs::read_link(path).ok()?;
    (!path.exists()).then(|| {
        let leads_to = leads_to.display();
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("it is a link to {leads_to}, which is not there or cannot be reached"),
        )
    })
}

fn check_size(known: &fs::Metadata, most: u64) -> io::Result<()> {
    if !known.is_file() {
        return Err(no_file(known.file_type()));
    }
    if known.len() > most {
        return Err(too_long(most));
    }
    Ok(())
}

/// Reads to the end, up to the limit. `length` is an estimate: some files report none, or grow.
fn within(source: impl Read, length: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(length.min(most)).unwrap_or_default())?;
    source.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_long(most));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn opened(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    // Does not block if it is a pipe after all.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options.open(path)
}

#[cfg(not(unix))]
fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn too_long(most: u64) -> io::Error {
    let message = format!("it is longer than {}, the most that is read", size(most));
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

pub(super) fn no_file(kind: FileType) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {}, not a file", called(kind)),
    )
}

#[cfg(unix)]
fn called(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;

    match kind {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn called(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use super::{Path, fs, read, read_stream, size};

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read_stream(b"12345".as_slice(), 5).unwrap(), b"12345");
        for (refused, kind) in [
            (read(&path, 4), ErrorKind::FileTooLarge),
            (read_stream(io::repeat(0), 1 << 20), ErrorKind::FileTooLarge),
            (read(&folder.path().join("b"), 4), ErrorKind::NotFound),
        ] {
            assert_eq!(refused.unwrap_err().kind(), kind);
        }
        assert_eq!(refused(folder.path()), "it is a folder, not a file");
    }

    /// The message about a path of which no more than 16 bytes are read.
    fn refused(path: &Path) -> String {
        read(path, 16).unwrap_err().to_string()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_no_end_is_no_file_and_a_length_that_lies_is_no_way_round() {
        assert_eq!(refused("/dev/zero".as_ref()), "it is a device, not a file");
        let longer = "it is longer than 0 KiB, the most that is read";
        assert_eq!(refused("/proc/self/status".as_ref()), longer);
        assert!(!read("/proc/self/status".as_ref(), 1 << 20).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_without_a_writer_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        assert_eq!(refused(&path), "it is a pipe, not a file");
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(refused(&socket), "it is a socket, not a file");
    }

    #[test]
    fn sizes_are_shown_in_round_numbers() {
        assert_eq!([size(64 << 10), size(64 << 20)], ["64 KiB", "64 MiB"]);
    }
}
