//! Runs a child to its end and tells what it took.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use super::Outcome;

/// What a process took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taken {
    /// From its start to its end.
    pub wall: Duration,
    /// Of the processor, in user and system mode.
    pub cpu: Duration,
    /// The greatest resident memory, in bytes.
    pub peak: u64,
    /// Requests that the server answered.
    pub requests: u64,
    /// Bytes of the bodies it answered with.
    pub bytes: u64,
}

/// The program that is measured.
pub fn stocktake() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stocktake"));
    command.env_clear().env("NO_COLOR", "1");
    command
}

/// Runs a command to its end, which must be a success.
pub fn taken(command: &mut Command) -> Outcome<Taken> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begun = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let wall = begun.elapsed();
    if !ended.status.success() {
        return Err(format!("{command:?} ended with {}", ended.status).into());
    }
    Ok(Taken {
        wall,
        cpu: ended.rusage.utime + ended.rusage.stime,
        peak: ended.rusage.maxrss,
        ..Taken::default()
    })
}

/// Starts the program and lets it say its version, so many times.
pub fn starts(runs: usize) -> Outcome<Vec<Taken>> {
    (0..runs).map(|_| taken(stocktake().arg("--version"))).collect()
}

/// The median of what processes took, each figure for itself.
pub fn median(all: &[Taken]) -> Taken {
    let mid = |figure: fn(&Taken) -> u128| {
        let mut figures: Vec<u128> = all.iter().map(figure).collect();
        figures.sort_unstable();
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    let nanos = |figure| Duration::from_nanos_u128(mid(figure));
    let whole = |figure| u64::try_from(mid(figure)).unwrap_or(u64::MAX);
    Taken {
        wall: nanos(|taken| taken.wall.as_nanos()),
        cpu: nanos(|taken| taken.cpu.as_nanos()),
        peak: whole(|taken| taken.peak.into()),
        requests: whole(|taken| taken.requests.into()),
        bytes: whole(|taken| taken.bytes.into()),
    }
}
