//! An apply that is started here, and killed while one of its requests is under way.

use std::io::Read as _;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::workspace::Workspace;

/// The run, for the test that starts it and the rule that kills it.
#[derive(Clone, Default)]
pub struct KilledApply(Arc<Mutex<Option<Child>>>);

impl KilledApply {
    /// Starts `apply --yes` and waits until it ends; gives what it printed.
    pub fn apply(&self, workspace: &Workspace) -> String {
        let mut stdout = {
            // Who is asked by it waits until it can be killed.
            let mut running = self.running();
            let mut child = workspace
                .command(&["apply", "--yes"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("the binary can be started");
            let stdout = child.stdout.take().expect("it is piped");
            *running = Some(child);
            stdout
        };
        // Its output ends when it does.
        let mut printed = String::new();
        stdout
            .read_to_string(&mut printed)
            .expect("its output can be read");
        printed
    }

    /// Kills it.
    pub fn kill(&self) {
        let mut running = self.running();
        let child = running.as_mut().expect("who asks was started");
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }

    fn running(&self) -> MutexGuard<'_, Option<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
