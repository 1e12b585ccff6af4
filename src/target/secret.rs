//! The place of a secret, and the errors of fetching it.

use std::io;
use std::path::PathBuf;

use secrecy::SecretString;

use super::oddity::Oddity;

/// The place of a secret.
#[derive(Debug, Clone)]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file. A relative path starts at the working directory.
    File(PathBuf),
    /// The standard output of a program, run without a shell. The list is never empty.
    Command(Vec<String>),
    /// The value itself, given directly or not a secret at all.
    Value(SecretString),
}

/// Reports that a secret could not be fetched. It names the place, never the value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("the file `{path}` cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The program cannot be run.
    #[error("the program `{program}` cannot be run")]
    NotRun {
        /// The program.
        program: String,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The program exited with an error.
    #[error("the program `{program}` failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// The exit status.
        status: std::process::ExitStatus,
    },
    /// The program did not end in time.
    #[error("the program `{program}` did not end within {seconds} s")]
    TimedOut {
        /// The program.
        program: String,
        /// The time limit, in seconds.
        seconds: u64,
    },
    /// The place is empty.
    #[error("empty secret: {0} is empty")]
    Empty(String),
    /// The place holds something that cannot be a secret.
    #[error(
        "{0} holds more than one line, invisible characters or more than 64 KiB, so it cannot be a secret"
    )]
    Unusable(String),
    /// The secret has a defect.
    #[error("{place} {what}")]
    Odd {
        /// The place.
        place: String,
        /// The defect.
        what: Oddity,
    },
}

impl std::fmt::Display for SecretRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(f, "the environment variable `{name}`"),
            Self::File(path) => write!(f, "the file `{}`", path.display()),
            Self::Command(argv) => {
                let program = argv.first().map(String::as_str).unwrap_or_default();
                write!(f, "the output of the program `{program}`")
            }
            Self::Value(_) => f.write_str("a given value"),
        }
    }
}
