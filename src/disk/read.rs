//! Reading with a bound: what is no file, or longer than it may be, is refused before it is read.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The most of a document that programs write: a saved plan of a million links takes half of it.
pub const LARGEST_DOCUMENT: u64 = 512 << 20;

/// The most of a text that people write, or that is as short: certificates, metrics, word of another run.
pub const LARGEST_TEXT: u64 = 16 << 20;

/// Reads a file whole. A pipe, a device or a folder is none: they may have no end, or nobody at the other one.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Looked at before it is opened, since opening a device can do something already.
    judged(&path.metadata()?, most)?;
    let file = opened(path)?;
    // Looked at again, since another may stand there by now.
    let known = file.metadata()?;
    judged(&known, most)?;
    within(file, known.len(), most)
}

/// Reads a stream to its end.
pub fn read_stream(stream: impl Read, most: u64) -> io::Result<Vec<u8>> {
    within(stream, 0, most)
}

/// The size for a person.
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        bytes => format!("{} KiB", bytes >> 10),
    }
}

/// Why a path cannot be read though something of that name is there: it is a link to what is not there.
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

fn judged(known: &fs::Metadata, most: u64) -> io::Result<()> {
    if !known.is_file() {
        return Err(no_file(known.file_type()));
    }
    if known.len() > most {
        return Err(too_long(most));
    }
    Ok(())
}

/// Reads what has that length as far as is known; some files, such as those of the system itself, tell none or grow.
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

    // Never waits, should it be a pipe after all.
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

    use super::{fs, read, read_stream, size};

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let error = read(&path, 4).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert_eq!(read_stream(b"12345".as_slice(), 5).unwrap(), b"12345");
        assert_eq!(
            read_stream(io::repeat(0), 1 << 20).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
        assert_eq!(
            read(folder.path(), 4).unwrap_err().to_string(),
            "it is a folder, not a file"
        );
        assert_eq!(
            read(&folder.path().join("b"), 4).unwrap_err().kind(),
            ErrorKind::NotFound
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_no_end_is_no_file_and_a_length_that_lies_is_no_way_round() {
        for (path, told) in [
            ("/dev/zero", "it is a device, not a file"),
            (
                "/proc/self/status",
                "it is longer than 0 KiB, the most that is read",
            ),
        ] {
            assert_eq!(read(path.as_ref(), 16).unwrap_err().to_string(), told, "{path}");
        }
        assert!(!read("/proc/self/status".as_ref(), 1 << 20).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_without_a_writer_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        assert_eq!(
            read(&path, 9).unwrap_err().to_string(),
            "it is a pipe, not a file"
        );
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(
            read(&socket, 9).unwrap_err().to_string(),
            "it is a socket, not a file"
        );
    }

    #[test]
    fn sizes_are_told_in_round_numbers() {
        assert_eq!(
            (size(64 << 10), size(64 << 20)),
            ("64 KiB".to_owned(), "64 MiB".to_owned())
        );
    }
}
