//! The whole shop behind one lock, and the log of what was asked of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::auth::sessions::{Holder, Sessions};
use crate::chaos::{Gate, Schedule, Stage, fault_injector};
use crate::database::store::Store;
use crate::log::Logged;
use crate::seed::Seed;
use crate::serve::ask;

/// How many requests the log remembers.
const LOG_LENGTH: usize = 100_000;

/// Everything a shop remembers between two requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The tables.
    pub store: Store,
    /// Tokens and failed sign-ins.
    pub sessions: Sessions,
}

/// A shop that many connections may use at once.
#[derive(Debug, Default)]
pub struct Shop {
    state: Mutex<State>,
    log: Mutex<Log>,
    stage: Mutex<Stage>,
    /// Holds the requests that a fault wants held.
    pub gate: Gate,
}

/// The newest entries, and how many there were.
#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Logged>,
    length: u64,
}

impl Shop {
    /// Makes a shop in the state a seed describes.
    pub fn new(seed: Seed) -> Self {
        Self::from_state(State {
            store: seed.into_store(),
            sessions: Sessions::default(),
        })
    }

    /// Makes a shop in a state taken earlier.
    pub fn from_state(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            ..Self::default()
        }
    }

    /// Reads a snapshot that [`Shop::snapshot`] wrote.
    pub fn from_snapshot(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self::from_state)
    }

    /// Writes down the whole state.
    pub fn snapshot(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&*self.state())
    }

    /// Gives out a token of an admin; nothing when there is no such admin.
    pub fn admin_token(&self, username: &str) -> Option<String> {
        let state = &mut *self.state();
        let State { store, sessions } = state;
        let admin = store.admin(username)?;
        let holder = Holder::Admin(admin.username.clone());
        Some(sessions.issue(holder, &store.generation, store.clock.now()))
    }

    /// Locks the state; a request that panicked has changed nothing that matters.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the time on the shop's clock, in seconds since the epoch.
    pub fn now(&self) -> u64 {
        self.state().store.clock.now()
    }

    /// Has the shop play faults from here on.
    pub fn follow(&self, schedule: Schedule) {
        self.stage().follow(schedule);
    }

    /// Brings everything that is still to come: late writes are carried out and index runs end.
    pub fn settle(&self) {
        fault_injector::settle(self, &mut self.state(), ask);
    }

    /// Locks the faults. Whoever needs the state too locks it first.
    pub(super) fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives what was asked and done so far, oldest first: requests, commands of the shop's command line, and what somebody
    /// else did. Other requests to the sandbox's own routes are left out.
    pub fn log(&self) -> Vec<Logged> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.entries.iter().cloned().collect()
    }

    /// Adds to the log.
    pub fn record(&self, mut logged: Logged) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.length += 1;
        logged.order = log.length;
        if log.entries.len() == LOG_LENGTH {
            log.entries.pop_front();
        }
        log.entries.push_back(logged);
    }
}
