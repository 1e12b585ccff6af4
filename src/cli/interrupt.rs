//! Listens to signals. The first one ends a run in order, the second one stops at once.

use std::time::{Duration, Instant};

use crate::cli::output::printer::Printer;
use crate::run::{Interrupts, Signal};

/// The same signal within this time after the first is not a second one: who ends a job signals a script and its programs
/// alike, and the script hands the signal on.
const ECHO: Duration = Duration::from_secs(1);

impl Signals {
    /// Waits for the signal that ends the command at once: the first one, or the second one while a first is held.
    pub(crate) async fn ended(mut self, interrupts: &Interrupts, printer: &Printer) -> Ended {
        let mut first: Option<(Signal, Instant)> = None;
        loop {
            let signal = self.next().await;
            if first.is_some_and(|(same, at)| same == signal && at.elapsed() < ECHO) {
                continue;
            }
            first.get_or_insert_with(|| (signal, Instant::now()));
            let second = interrupts.receive(signal);
            if second || !interrupts.holds() {
                return Ended { signal, second };
            }
            printer
                .note("Interrupted: what is under way is brought to its end; a second signal stops at once");
        }
    }
}

/// The signal that ended a command at once.
pub(crate) struct Ended {
    pub signal: Signal,
    /// True if a first one was held, so that something was begun.
    pub second: bool,
}

/// The signals of this process, from now on. Where they cannot be had, the system's own way to end a program stays.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    /// Begins to listen, before anything else is done.
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    async fn next(&mut self) -> Signal {
        async fn received(signals: &mut Option<tokio::signal::unix::Signal>) {
            let received = match signals {
                Some(signals) => signals.recv().await,
                None => None,
            };
            if received.is_none() {
                std::future::pending::<()>().await;
            }
        }
        tokio::select! {
            () = received(&mut self.interrupt) => Signal::Interrupt,
            () = received(&mut self.terminate) => Signal::Terminate,
        }
    }
}

/// The signals of this process. Where they cannot be had, the system's own way to end a program stays.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Begins to listen, before anything else is done.
    pub(crate) fn listen() -> Self {
        Self
    }

    async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            return std::future::pending().await;
        }
        Signal::Interrupt
    }
}
