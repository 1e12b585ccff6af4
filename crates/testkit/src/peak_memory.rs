//! Measures the peak memory of a process.

use wait4::ResUse;

/// True if a child of ours took less than so many bytes. Until it becomes another program a child shares our memory, and
/// the system counts the most that we ever took as its own: up to there it says nothing of the child.
pub fn took_less(child: &ResUse, most: u64) -> bool {
    child.rusage.maxrss < most.max(own() + 1)
}

/// The most that we have taken by now; zero where the system does not tell.
fn own() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    kibibytes.map_or(0, |number| number.parse::<u64>().expect("it is a number") << 10)
}
