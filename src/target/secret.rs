//! Where a secret is kept, and fetching it from there; what is fetched never gets into a message.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::SecretString;

/// No secret is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// The place of a secret.
#[derive(Debug, Clone)]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file; a relative path counts from the working directory.
    File(PathBuf),
    /// The standard output of a program, run without a shell; never empty.
    Command(Vec<String>),
    /// Here: it was given as it is, or is none after all.
    Value(SecretString),
}

/// Why a secret could not be fetched. It names the place, never the value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not there.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("the file `{path}` cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The program cannot be run.
    #[error("the program `{program}` cannot be run")]
    NotRun {
        /// The program.
        program: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The program says that it failed.
    #[error("the program `{program}` failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// There is nothing there.
    #[error("{0} is empty")]
    Empty(String),
    /// There is something that no secret is.
    #[error(
        "{0} holds more than one line, invisible characters or more than 64 KiB, so it cannot be a secret"
    )]
    Unusable(String),
}

/// Fetches a secret from its place, without the line break at its end.
pub fn resolve_secret(place: &SecretRef) -> Result<SecretString, SecretError> {
    let bytes = match place {
        SecretRef::Value(value) => return Ok(value.clone()),
        SecretRef::Env(name) => std::env::var_os(name)
            .ok_or_else(|| SecretError::Unset(name.clone()))?
            .into_encoded_bytes(),
        SecretRef::File(path) => content(path).map_err(|cause| SecretError::Unreadable {
            path: path.display().to_string(),
            cause,
        })?,
        SecretRef::Command(argv) => output(argv)?,
    };
    checked(bytes, place)
}

fn checked(bytes: Vec<u8>, place: &SecretRef) -> Result<SecretString, SecretError> {
    let too_long = bytes.len() as u64 > MAX_BYTES;
    let mut text = String::from_utf8(bytes).map_err(|_| SecretError::Unusable(place.to_string()))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() {
        return Err(SecretError::Empty(place.to_string()));
    }
    if too_long || text.contains(char::is_control) {
        return Err(SecretError::Unusable(place.to_string()));
    }
    Ok(SecretString::from(text))
}

fn content(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn output(argv: &[String]) -> Result<Vec<u8>, SecretError> {
    let program = argv.first().map(String::as_str).unwrap_or_default();
    let output = Command::new(program)
        .args(argv.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|cause| SecretError::NotRun {
            program: program.to_owned(),
            cause,
        })?;
    if !output.status.success() {
        return Err(SecretError::Failed {
            program: program.to_owned(),
            status: output.status,
        });
    }
    Ok(output.stdout)
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use secrecy::ExposeSecret as _;

    use super::{SecretError, SecretRef, resolve_secret};

    fn file_with(bytes: &[u8]) -> (tempfile::NamedTempFile, SecretRef) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let place = SecretRef::File(file.path().to_owned());
        (file, place)
    }

    #[test]
    fn one_line_break_is_cut() {
        for bytes in [b"s3cret".as_slice(), b"s3cret\n", b"s3cret\r\n"] {
            let (_file, place) = file_with(bytes);
            assert_eq!(resolve_secret(&place).unwrap().expose_secret(), "s3cret");
        }
        let echo = SecretRef::Command(vec!["echo".into(), "s3cret".into()]);
        assert_eq!(resolve_secret(&echo).unwrap().expose_secret(), "s3cret");
    }

    #[test]
    fn errors_name_the_place_and_not_the_value() {
        for bytes in [b"s3cret\nmore\n".as_slice(), b"s3cret\x1b", b"s3cret\xff"] {
            let (_file, place) = file_with(bytes);
            let error = resolve_secret(&place).unwrap_err();
            assert!(matches!(error, SecretError::Unusable(_)), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        let (_file, place) = file_with("x".repeat(70_000).as_bytes());
        assert!(matches!(resolve_secret(&place), Err(SecretError::Unusable(_))));
        let (_file, empty) = file_with(b"\n");
        assert!(matches!(resolve_secret(&empty), Err(SecretError::Empty(_))));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let variable = SecretRef::Env("STOCKTAKE_TEST_NO_SUCH_VARIABLE".into());
        assert_eq!(
            resolve_secret(&variable).unwrap_err().to_string(),
            "the environment variable `STOCKTAKE_TEST_NO_SUCH_VARIABLE` is not set"
        );
        let failing = SecretRef::Command(vec!["false".into()]);
        assert!(matches!(
            resolve_secret(&failing),
            Err(SecretError::Failed { .. })
        ));
        let missing = SecretRef::Command(vec!["no-such-program-of-ours".into()]);
        assert!(matches!(
            resolve_secret(&missing),
            Err(SecretError::NotRun { .. })
        ));
        let file = SecretRef::File("/no/such/file".into());
        assert!(matches!(
            resolve_secret(&file),
            Err(SecretError::Unreadable { .. })
        ));
    }
}
