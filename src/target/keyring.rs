//! The secrets of a run, and the environment variables that hold them. Programs that stocktake starts do not see these
//! variables unless they are passed by name, and their output is masked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::process::Command;

use super::env::SIGN_IN_VARIABLES;
use super::mask::Mask;

/// A further credential that the jobs of `templates/` use.
const NOTE_TOKEN: &str = "STOCKTAKE_NOTE_TOKEN";

/// The known secrets. Clones share what they learn.
#[derive(Clone)]
pub struct Keyring {
    /// The names of variables that hold secrets.
    variables: Arc<[String]>,
    /// The names among them that programs which fetch secrets may see.
    passed: Arc<[String]>,
    /// The fetched secrets.
    known: Arc<Mutex<Vec<SecretString>>>,
}

impl Default for Keyring {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

/// Shows no secret.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// A keyring for these variables and those of sign-in.
    pub(super) fn of(mut variables: Vec<String>) -> Self {
        variables.extend(SIGN_IN_VARIABLES.map(|variable| variable.name.to_owned()));
        variables.push(NOTE_TOKEN.to_owned());
        variables.sort_unstable();
        variables.dedup();
        Self {
            variables: variables.into(),
            passed: Arc::default(),
            known: Arc::default(),
        }
    }

    /// The keyring of a target whose programs that fetch secrets may see the named variables.
    pub(super) fn passing(&self, names: &[String]) -> Self {
        Self {
            passed: names.into(),
            ..self.clone()
        }
    }

    /// The keyring of the whole file, with this target's passed variables.
    pub(super) fn of_file(&self, file: &Self) -> Self {
        Self {
            passed: Arc::clone(&self.passed),
            ..file.clone()
        }
    }

    /// Removes the variables from the environment of a program that fetches a secret.
    pub(super) fn withhold(&self, command: &mut Command) {
        self.withhold_but(&self.passed, command);
    }

    /// Removes the variables from the environment of a program, except those passed.
    pub fn withhold_but(&self, passed: &[String], command: &mut Command) {
        for name in self.variables.iter().filter(|name| !passed.contains(name)) {
            command.env_remove(name);
        }
    }

    /// Remembers a fetched secret.
    pub(super) fn learn(&self, secret: &SecretString) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &SecretString| one.expose_secret() == secret.expose_secret();
        if !known.iter().any(is_it) {
            known.push(secret.clone());
        }
    }

    /// A mask for the secrets known by now and those in the variables.
    pub fn mask(&self) -> Mask {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.variables.iter().filter_map(|name| std::env::var(name).ok());
        let known = known.iter().map(|secret| secret.expose_secret().to_owned());
        Mask::of(known.chain(held))
    }
}
