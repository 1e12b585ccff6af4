//! Ends a program together with all processes that it started: asks first, then kills.

#[cfg(unix)]
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

/// The time between asking a program to end and killing it.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(5);

/// The pause between two checks whether it has ended.
#[cfg(unix)]
const PAUSE: Duration = Duration::from_millis(50);

/// The process group of a running program. Dropping it kills the group at once.
///
/// A Ctrl-C at the terminal does not reach the group, so the run decides when it ends.
#[cfg(unix)]
pub(super) struct ProcessGroup(Option<rustix::process::Pid>);

#[cfg(unix)]
impl ProcessGroup {
    /// Makes a command start in a group of its own.
    pub(super) fn prepare(command: &mut Command) {
        command.process_group(0);
    }

    /// The group of a program that has just been started.
    pub(super) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    /// Lets processes that a program has left behind run on, such as the master connection of `ssh`.
    pub(super) fn release(mut self) {
        self.0 = None;
    }

    /// Asks all of them to end, waits, and kills those that are left.
    pub(super) async fn end(mut self, child: &mut Child) {
        use rustix::process::Signal;
        let asked = Instant::now();
        self.send(Signal::TERM);
        // A stopped process, such as one that asked at the terminal, receives the signal only after it continues.
        self.send(Signal::CONT);
        loop {
            // A program that has ended counts as running until it is waited for.
            let ended = child.try_wait().is_ok_and(|status| status.is_some());
            if (ended && self.is_gone()) || asked.elapsed() >= GRACE {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.send(Signal::KILL);
        // A program that cannot be waited for is left alone.
        let _ = child.wait().await;
        self.0 = None;
    }

    fn send(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.0 {
            // It fails when no process is left.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }

    fn is_gone(&self) -> bool {
        self.0.is_none_or(|group| {
            matches!(
                rustix::process::test_kill_process_group(group),
                Err(rustix::io::Errno::SRCH)
            )
        })
    }
}

#[cfg(unix)]
impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.send(rustix::process::Signal::KILL);
    }
}

/// A running program. The processes that it started are unknown here.
#[cfg(not(unix))]
pub(super) struct ProcessGroup;

#[cfg(not(unix))]
impl ProcessGroup {
    pub(super) fn prepare(_: &mut Command) {}

    pub(super) fn of(_: &Child) -> Self {
        Self
    }

    pub(super) fn release(self) {}

    /// Kills the program; it cannot be asked to end here.
    pub(super) async fn end(self, child: &mut Child) {
        // A program that cannot be killed is left alone.
        let _ = child.kill().await;
    }
}
