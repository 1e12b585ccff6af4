//! Signals: the first one lets the requests in flight end and the report be written, the second one stops at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::cli::exit::Exit;
use crate::cli::output::printer::Printer;

/// The same signal within this time after the first is not a second one: who ends a job signals a script and its programs
/// alike, and the script hands the signal on.
const ECHO: Duration = Duration::from_secs(1);

/// Which signal it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGINT, as Ctrl-C sends it.
    Interrupt,
    /// SIGTERM, as a supervisor sends it.
    Terminate,
}

impl Signal {
    /// The exit code that stands for it.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::Terminate => Exit::Terminated,
        }
    }
}

/// What the parts of a command know of signals; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupts {
    cancel: CancellationToken,
    busy: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
}

impl Interrupts {
    /// From here on a first signal does not end the command: what is told by the token ends it in order.
    pub(crate) fn hold(&self) -> &CancellationToken {
        self.busy.store(true, Ordering::SeqCst);
        &self.cancel
    }

    /// Whether signals are held: something may have been written.
    pub(crate) fn holds(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// The signal that was held, if one came.
    pub(crate) fn held(&self) -> Option<Signal> {
        let signal = if self.terminated.load(Ordering::SeqCst) {
            Signal::Terminate
        } else {
            Signal::Interrupt
        };
        self.cancel.is_cancelled().then_some(signal)
    }
}

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
            let second = interrupts.cancel.is_cancelled();
            if !second {
                interrupts
                    .terminated
                    .store(signal == Signal::Terminate, Ordering::SeqCst);
            }
            // Before the question whether anything is held: a command that begins to hold right now finds it and writes
            // nothing.
            interrupts.cancel.cancel();
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
    /// Whether a first one was held, so that something was begun.
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
