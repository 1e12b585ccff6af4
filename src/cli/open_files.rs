//! Whether this process may open the files and connections that a command needs.

use std::io;

/// How many files and connections a command may need at once, with those of the programs that it starts.
const NEEDED: usize = 40;

/// Makes sure that there is room: where files cannot be had in the middle of a run, much of what it is made of ends it.
#[cfg(unix)]
pub(crate) fn make_sure() -> io::Result<()> {
    use std::os::fd::AsFd as _;
    let stdin = io::stdin();
    let all: io::Result<Vec<_>> = (0..NEEDED).map(|_| stdin.as_fd().try_clone_to_owned()).collect();
    all.map(drop)
}

/// Where there is no such limit there is room.
#[cfg(not(unix))]
pub(crate) fn make_sure() -> io::Result<()> {
    Ok(())
}

/// How many files this process may have open at once; `None` for as many as it likes.
#[cfg(unix)]
pub(crate) fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// How many files this process may have open at once; `None` for as many as it likes.
#[cfg(not(unix))]
pub(crate) fn limit() -> Option<u64> {
    None
}

/// Below that, doctor warns: programs that a step starts have the same limit.
pub(crate) const LOW: u64 = 256;
