//! The secrets of a run: which variables of the environment hold them, and what they are. Programs that we start see none
//! of these variables but those that are named for them, and what they print is masked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::process::Command;

use super::env::SIGN_IN_VARIABLES;
use super::mask::Mask;

/// A credential that the jobs of `templates/` use beside those of sign-in.
const NOTE_TOKEN: &str = "STOCKTAKE_NOTE_TOKEN";

/// What is known of secrets. Its clones learn together.
#[derive(Clone)]
pub struct Keyring {
    /// The variables that hold secrets, by their names.
    variables: Arc<[String]>,
    /// Those of them that programs which fetch secrets may see.
    passed: Arc<[String]>,
    /// The secrets that were fetched.
    known: Arc<Mutex<Vec<SecretString>>>,
}

impl Default for Keyring {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

/// It tells no secret.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// That of these variables, and of those of sign-in.
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

    /// The same, for a target whose programs that fetch secrets may see some of the variables.
    pub(super) fn passing(&self, names: &[String]) -> Self {
        Self {
            passed: names.into(),
            ..self.clone()
        }
    }

    /// The same for a target of this file, which passes what it passed.
    pub(super) fn of_file(&self, file: &Self) -> Self {
        Self {
            passed: Arc::clone(&self.passed),
            ..file.clone()
        }
    }

    /// Takes the variables out of the environment of a program that fetches a secret.
    pub(super) fn withhold(&self, command: &mut Command) {
        self.withhold_but(&self.passed, command);
    }

    /// Takes the variables out of the environment of a program, but these.
    pub fn withhold_but(&self, passed: &[String], command: &mut Command) {
        for name in self.variables.iter().filter(|name| !passed.contains(name)) {
            command.env_remove(name);
        }
    }

    /// Remembers a secret that was fetched.
    pub(super) fn learn(&self, secret: &SecretString) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known
            .iter()
            .any(|one| one.expose_secret() == secret.expose_secret())
        {
            known.push(secret.clone());
        }
    }

    /// What takes the secrets that are known by now, and those in the variables, out of a text.
    pub fn mask(&self) -> Mask {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.variables.iter().filter_map(|name| std::env::var(name).ok());
        let known = known.iter().map(|secret| secret.expose_secret().to_owned());
        Mask::of(known.chain(held))
    }
}
