//! The output of a command.

use serde::Serialize;

/// The output of a command, as a shell sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// 0 for success; `indexer:reindex` also gives 0 for some failures.
    pub exit_code: i32,
    /// Text on standard output.
    pub stdout: String,
    /// Text on standard error.
    pub stderr: String,
}

impl Output {
    /// Makes the output of a command that succeeded.
    pub fn success(stdout: impl Into<String>) -> Self {
        Self {
            exit_code: 0,
            stdout: stdout.into(),
            stderr: String::new(),
        }
    }

    /// Makes the output of a command that was refused.
    pub fn failure(stderr: impl Into<String>) -> Self {
        Self {
            exit_code: 1,
            stdout: String::new(),
            stderr: stderr.into(),
        }
    }

    /// Makes the output of a command that names types the shop does not have.
    pub fn unsupported(place: &str, kind: &str, unknown: &[&str], supported: &[&str]) -> Self {
        Self::failure(format!(
            "\nIn {place}:\n\n  The following requested {kind} types are not supported: '{}'.\n  Supported types: {}\n\n",
            unknown.join("', '"),
            supported.join(", "),
        ))
    }
}
