//! A shop that many connections use at once: its state behind one lock, its faults and its log.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::auth::holder::Holder;
use crate::auth::sessions::Sessions;
use crate::chaos::{FaultInjector, Hold, Schedule};
use crate::control;
use crate::log::Logged;
use crate::magento::Output;
use crate::seed::Seed;
use crate::state::State;

/// A shop. [`serve`](crate::serve()) answers requests from it; tests look into it meanwhile.
#[derive(Debug, Default)]
pub struct Shop {
    state: Mutex<State>,
    pub(crate) faults: FaultInjector,
    /// The requests that are held by `hold_before` and `hold_after`.
    pub hold: Hold,
}

impl Shop {
    /// Makes a shop in the state that a seed describes.
    pub fn new(seed: Seed) -> Self {
        Self::from_state(State {
            store: seed.into_store(),
            sessions: Sessions::default(),
        })
    }

    fn from_state(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            ..Self::default()
        }
    }

    /// Reads a snapshot that [`Shop::snapshot`] or [`Options::state_file`](crate::Options::state_file) wrote.
    pub fn from_snapshot(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self::from_state)
    }

    /// Writes the whole state as JSON.
    pub fn snapshot(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&*self.state())
    }

    /// Issues a token to an admin without a password; `None` if there is no such admin.
    pub fn admin_token(&self, username: &str) -> Option<String> {
        let state = &mut *self.state();
        let State { store, sessions } = state;
        let admin = store.admin(username)?;
        let holder = Holder::Admin(admin.username.clone());
        Some(sessions.issue(holder, &store.generation, store.clock.now()))
    }

    /// Locks the state. [`backdoor`](crate::backdoor) names its types.
    ///
    /// A request that panicked leaves the lock usable: it has changed nothing that matters.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the time on the shop's clock, in seconds since the epoch.
    pub fn now(&self) -> u64 {
        self.state().store.clock.now()
    }

    /// Follows a schedule of faults from now on, in place of the one before.
    pub fn follow(&self, schedule: Schedule) {
        self.faults.follow(schedule);
    }

    /// Runs a command of `bin/magento`, as an operator or the shop's cron does. It is logged.
    pub fn magento(&self, argv: &[&str]) -> Output {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        control::run_command(self, &mut self.state(), &argv, Vec::new())
    }

    /// Carries out everything that earlier faults have put off: late writes, and the ends of index runs.
    pub fn settle(&self) {
        self.faults.settle(&mut self.state());
    }

    /// Gives the log, oldest entry first: requests, commands of `bin/magento`, index runs, and writes by other actors.
    ///
    /// Other requests to the control routes are not logged.
    pub fn log(&self) -> Vec<Logged> {
        self.faults.log.entries()
    }
}
