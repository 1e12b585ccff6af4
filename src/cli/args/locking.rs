//! `--lock-timeout`: how long a command waits for another run on the same target.

use std::time::Duration;

use clap::Args;

use crate::target::parse_duration;

/// The wait for another run.
#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// Wait up to this long for another run on the same target to end, such as 90s or 10m. By default the command fails at once.
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Target")]
    lock_timeout: Option<Duration>,
}

impl LockArgs {
    /// The longest wait.
    pub(crate) fn timeout(&self) -> Duration {
        self.lock_timeout.unwrap_or_default()
    }
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("a whole number with `s`, `m` or `h`, from 1s to 24h")
}
