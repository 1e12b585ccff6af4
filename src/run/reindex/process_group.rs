//! A program with all that it starts: they end together, first asked, then forced.

#[cfg(unix)]
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

/// How long a program that is asked to end is given for it.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked whether it has ended.
#[cfg(unix)]
const PAUSE: Duration = Duration::from_millis(50);

/// A running program and all that it has started; dropping it ends them at once.
///
/// It has a process group of its own: a Ctrl-C at the terminal does not reach it, so that it ends when the run says so.
#[cfg(unix)]
pub(super) struct ProcessGroup(Option<rustix::process::Pid>);

#[cfg(unix)]
impl ProcessGroup {
    /// Has a command start in a group of its own.
    pub(super) fn prepare(command: &mut Command) {
        command.process_group(0);
    }

    /// The group of a program that has just been started.
    pub(super) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    /// Lets go of what a program has left behind, such as the master connection of `ssh`.
    pub(super) fn release(mut self) {
        self.0 = None;
    }

    /// Asks all of them to end, gives them time for it, and ends those that stay.
    pub(super) async fn end(mut self, child: &mut Child) {
        use rustix::process::Signal;
        let asked = Instant::now();
        self.send(Signal::TERM);
        // One that was stopped, for asking at the terminal perhaps, hears nothing before it goes on.
        self.send(Signal::CONT);
        loop {
            // A program that has ended and was not waited for still counts.
            let ended = child.try_wait().is_ok_and(|status| status.is_some());
            if (ended && self.is_gone()) || asked.elapsed() >= GRACE {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.send(Signal::KILL);
        // Nothing is left to do for one that cannot be waited for.
        let _ = child.wait().await;
        self.0 = None;
    }

    fn send(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.0 {
            // It fails when nobody is left.
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

/// A running program; what it has started is not known here.
#[cfg(not(unix))]
pub(super) struct ProcessGroup;

#[cfg(not(unix))]
impl ProcessGroup {
    pub(super) fn prepare(_: &mut Command) {}

    pub(super) fn of(_: &Child) -> Self {
        Self
    }

    pub(super) fn release(self) {}

    /// Ends the program; there is no way to ask it to.
    pub(super) async fn end(self, child: &mut Child) {
        // Nothing is left to do for one that cannot be ended.
        let _ = child.kill().await;
    }
}
