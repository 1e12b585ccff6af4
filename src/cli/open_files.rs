//! Checks that this process may open the files and connections that a command needs.

use std::io;

/// Files and connections that a command may need at once, including the programs that it starts.
const NEEDED: usize = 40;

/// Fails early: a run that cannot open files in the middle breaks off.
#[cfg(unix)]
pub(crate) fn make_sure() -> io::Result<()> {
    use std::os::fd::AsFd as _;
    let stdin = io::stdin();
    let all: io::Result<Vec<_>> = (0..NEEDED).map(|_| stdin.as_fd().try_clone_to_owned()).collect();
    all.map(drop)
}

/// This system has no such limit.
#[cfg(not(unix))]
pub(crate) fn make_sure() -> io::Result<()> {
    Ok(())
}

/// The limit of open files of this process; `None` if there is none.
#[cfg(unix)]
pub(crate) fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// The limit of open files of this process; `None` if there is none.
#[cfg(not(unix))]
pub(crate) fn limit() -> Option<u64> {
    None
}

/// Below this limit doctor warns: programs that a step starts have the same limit.
pub(crate) const LOW: u64 = 256;
