//! A command that came to no result: what happened, where, and what to do next.

use std::error::Error;
use std::path::Path;

use spanned_yaml::diag::{Diagnostic, DiagnosticsJson, InputFiles};

use crate::cli::exit::Exit;
use crate::commerce::{ApiError, ConnectionError, ErrorKind};
use crate::reconcile::{Plan, PlanError, StaleReason};
use crate::report::{FAILURE_FORMAT, FailureKind, FailureReport};
use crate::run::{Cause, JournalError};
use crate::target::SecretError;

/// Why a command came to no result.
#[derive(Debug, Clone)]
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
    /// In what a stale plan no longer holds.
    pub differences: Vec<StaleReason>,
    /// The plan that was refused or is stale, for a program to read.
    pub plan: Option<Box<Plan>>,
    /// What stood in the way, so far as a web hook is told of it.
    pub obstacle: Cause,
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
            obstacle: Cause::Setup,
        }
    }

    /// Findings about files, which stop the command.
    pub fn findings(message: impl Into<String>, findings: Vec<Diagnostic>, files: InputFiles) -> Self {
        Self {
            findings: Some(Box::new((findings, files))),
            obstacle: Cause::Files,
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

    /// What a target's state makes of the files.
    pub fn unplannable(error: PlanError, files: &InputFiles) -> Self {
        Self::findings("no plan can be made for this target", error.0, files.clone())
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

    /// Says of which kind it is.
    #[must_use]
    pub fn of_kind(mut self, kind: FailureKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// A secret that is there and empty.
    #[must_use]
    pub fn of_empty_secret(self) -> Self {
        self.of_kind(FailureKind::EmptySecret).hint(
            "CI systems leave secrets empty in runs of forks and of Dependabot: `stocktake validate` needs none; elsewhere, \
             give the secret its value",
        )
    }

    /// Adds in what a stale plan no longer holds.
    #[must_use]
    pub fn differing(mut self, differences: Vec<StaleReason>) -> Self {
        self.differences = differences;
        self
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
        let obstacle = match &error.kind {
            ErrorKind::NoAnswer { .. } | ErrorKind::Proxy { .. } | ErrorKind::OutOfTime => Cause::Unreachable,
            ErrorKind::Unusable { .. } => Cause::Setup,
            _ if error.is_transient() => Cause::Unreachable,
            _ => Cause::Refused,
        };
        Self {
            hints,
            obstacle,
            ..Self::error(error.to_string()).caused_by(&error)
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let failure = Self::error(error.to_string()).caused_by(&error);
        match error {
            SecretError::Empty(_) => failure.of_empty_secret(),
            SecretError::Unset(_) => failure.of_kind(FailureKind::UnsetSecret),
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

impl From<&Failure> for FailureReport {
    fn from(failure: &Failure) -> Self {
        let findings = failure.findings.as_deref();
        Self {
            format_version: FAILURE_FORMAT,
            exit_code: failure.exit.code(),
            error: failure.message.clone(),
            kind: failure.kind,
            causes: failure.causes.clone(),
            hints: failure.hints.clone(),
            diagnostics: findings
                .map(|(findings, files)| DiagnosticsJson::new(findings, files).diagnostics)
                .unwrap_or_default(),
            differences: failure.differences.clone(),
            plan: failure.plan.clone(),
        }
    }
}
