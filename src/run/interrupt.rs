//! Tells a run that a signal came, and the command that a run must not be cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

use super::exit::Exit;

/// A signal that ends a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, as Ctrl-C sends it.
    Interrupt,
    /// SIGTERM, as a supervisor sends it.
    Terminate,
}

impl Signal {
    /// How a command ends by it.
    pub fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::Terminate => Exit::Terminated,
        }
    }
}

/// The signals of a command, shared by its parts. Cheap to clone. The default value never interrupts.
#[derive(Debug, Clone, Default)]
pub struct Interrupts {
    cancel: CancellationToken,
    busy: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
}

impl Interrupts {
    /// Holds the first signal back from here on: the returned token ends the run in order instead.
    pub fn hold(&self) -> &CancellationToken {
        self.busy.store(true, Ordering::SeqCst);
        &self.cancel
    }

    /// True if signals are held back, so that something may have been written.
    pub fn holds(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// The signal that was held back, if one came.
    pub fn held(&self) -> Option<Signal> {
        let signal = if self.terminated.load(Ordering::SeqCst) {
            Signal::Terminate
        } else {
            Signal::Interrupt
        };
        self.cancel.is_cancelled().then_some(signal)
    }

    /// Takes note of a signal. Returns whether an earlier one is held.
    pub fn receive(&self, signal: Signal) -> bool {
        let is_second = self.cancel.is_cancelled();
        if !is_second {
            self.terminated
                .store(signal == Signal::Terminate, Ordering::SeqCst);
        }
        // Cancel before anyone asks whether signals are held: a run that begins to hold now finds it and writes nothing.
        self.cancel.cancel();
        is_second
    }
}
