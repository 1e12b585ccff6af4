//! The failure of a use case: what happened, where, and what to do next.

use std::error::Error;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{Diagnostic, InputFiles};

use super::exit::Exit;
use super::journal::JournalError;
use super::notify::transition::Cause;
use crate::commerce::{ApiError, ConnectionError, ErrorKind};
use crate::reconcile::{Plan, StaleReason};
use crate::target::SecretError;

/// The kinds of failure that a program may want to distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A secret is set but empty. CI systems do that in runs that may not see it, such as those of forks or Dependabot.
    EmptySecret,
    /// No credential is given, or the environment variable of a secret is not set.
    UnsetSecret,
}

/// Why a use case failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.words())]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened, as a sentence.
    pub message: String,
    /// The kind of failure, where a program may want to act on it.
    pub kind: Option<FailureKind>,
    /// The causes, from the nearest to the first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// Findings about files, with the files to show them in.
    pub findings: Option<Box<(Vec<Diagnostic>, InputFiles)>>,
    /// Why a plan is stale.
    pub differences: Vec<StaleReason>,
    /// The plan that was refused or is stale, for a program to read.
    pub plan: Option<Box<Plan>>,
    /// True if `plan` is the plan as it would be now.
    pub is_replanned: bool,
    /// The cause, as web hooks report it.
    pub cause: Cause,
}

impl Failure {
    /// An error after which nothing was written.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Exit::Error, message)
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A failure with that exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        let (causes, hints) = (Vec::new(), Vec::new());
        Self {
            exit,
            message: message.into(),
            kind: None,
            causes,
            hints,
            findings: None,
            differences: Vec::new(),
            plan: None,
            is_replanned: false,
            cause: Cause::Setup,
        }
    }

    /// Findings about files, which stop the command.
    pub fn findings(message: impl Into<String>, findings: Vec<Diagnostic>, files: InputFiles) -> Self {
        Self {
            findings: Some(Box::new((findings, files))),
            cause: Cause::Files,
            ..Self::error(message)
        }
    }

    /// A file that could not be written; nothing else was.
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        let failure = Self::error(format!("{} cannot be written", path.display())).caused_by(error);
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => Self::error(format!("{} is there already", path.display()))
                .hint("name another file, or replace it with --force"),
            _ => failure,
        }
    }

    /// The message with its causes, in one line.
    pub fn words(&self) -> String {
        let causes = self.causes.iter().map(String::as_str);
        let words: Vec<&str> = std::iter::once(&*self.message).chain(causes).collect();
        words.join(": ")
    }

    /// Adds an error and all that caused it.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            if !self.message.ends_with(&text) && !self.causes.iter().any(|cause| cause.ends_with(&text)) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Sets the kind.
    #[must_use]
    pub fn of_kind(mut self, kind: FailureKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Marks it as caused by an empty secret.
    #[must_use]
    pub fn of_empty_secret(self) -> Self {
        self.of_kind(FailureKind::EmptySecret).hint(
            "CI systems leave secrets empty in runs of forks and of Dependabot: `stocktake validate` needs none; elsewhere, \
             give the secret its value",
        )
    }

    /// Adds why a plan is stale.
    #[must_use]
    pub fn differing(mut self, differences: Vec<StaleReason>) -> Self {
        self.differences = differences;
        self
    }

    /// Adds the plan as it would be now, in place of a stale one.
    #[must_use]
    pub fn replanned(self, plan: Plan) -> Self {
        Self {
            is_replanned: true,
            ..self.about(plan)
        }
    }

    /// Adds the plan that it is about.
    #[must_use]
    pub fn about(mut self, plan: Plan) -> Self {
        self.plan = Some(Box::new(plan));
        self
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let hints = error.hints.clone();
        let cause = match &error.kind {
            ErrorKind::NoAnswer { .. } | ErrorKind::Proxy { .. } | ErrorKind::OutOfTime => Cause::Unreachable,
            ErrorKind::Unusable { .. } => Cause::Setup,
            _ if error.is_transient() => Cause::Unreachable,
            _ => Cause::Refused,
        };
        Self {
            hints,
            cause,
            ..Self::error(error.to_string()).caused_by(&error)
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let failure = Self::error(error.to_string()).caused_by(&error);
        match error {
            SecretError::Empty(_) => failure.of_empty_secret(),
            SecretError::Unset(_) => failure
                .of_kind(FailureKind::UnsetSecret)
                .hint("set it where the command runs, or name another place of the secret in targets.yaml"),
            SecretError::Odd { .. } => failure.hint("nothing was sent"),
            _ => failure,
        }
    }
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Self {
        Self::error(error.to_string()).caused_by(&error)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self {
            hints: error.hints(),
            ..Self::error(error.to_string()).caused_by(&error)
        }
    }
}
