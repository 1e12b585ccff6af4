//! Where a secret is kept, and fetching it from there; what is fetched never gets into a message.

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::Stdio;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::FusedFuture as _;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

use super::hygiene::{Oddity, SecretUse, cleaned};

use crate::disk;

use super::keyring::Keyring;
use super::program_stderr::ProgramStderr;

/// No secret is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// How long a program may take: a person may have to unlock what it reads.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a program that has ended is still listened to.
const AFTERWARDS: Duration = Duration::from_millis(200);

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
        cause: io::Error,
    },
    /// The program cannot be run.
    #[error("the program `{program}` cannot be run")]
    NotRun {
        /// The program.
        program: String,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The program says that it failed.
    #[error("the program `{program}` failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// The program does not end.
    #[error("the program `{program}` did not end within {seconds} s")]
    TimedOut {
        /// The program.
        program: String,
        /// How long it was waited for, in seconds.
        seconds: u64,
    },
    /// There is nothing there.
    #[error("empty secret: {0} is empty")]
    Empty(String),
    /// There is something that no secret is.
    #[error(
        "{0} holds more than one line, invisible characters or more than 64 KiB, so it cannot be a secret"
    )]
    Unusable(String),
    /// There is something that was not meant.
    #[error("{place} {what}")]
    Odd {
        /// The place.
        place: String,
        /// What is odd about it.
        what: Oddity,
    },
}

/// Fetches a secret for that use from its place, as it was meant. What may be meant or not is told and left as it is.
pub async fn resolve_secret_for(
    of: SecretUse,
    place: &SecretRef,
    keyring: &Keyring,
) -> Result<SecretString, SecretError> {
    let secret = resolve_secret(place, keyring).await?;
    match cleaned(secret.expose_secret(), of) {
        Ok((secret, odd)) => {
            if let Some(what) = odd {
                tracing::warn!("{place} {what}");
            }
            let secret = SecretString::from(secret);
            // What stands in the file itself is none.
            if !matches!(place, SecretRef::Value(_)) {
                keyring.learn(&secret);
            }
            Ok(secret)
        }
        Err(Oddity::Empty) => Err(SecretError::Empty(place.to_string())),
        Err(what) => Err(SecretError::Odd {
            place: place.to_string(),
            what,
        }),
    }
}

/// Fetches a secret from its place, without a byte order mark and the line breaks around it. A program is given a minute, and ends when the
/// future is dropped.
///
/// The keyring learns it. What the program says on standard error is told in the log without the secrets that are known.
async fn resolve_secret(place: &SecretRef, keyring: &Keyring) -> Result<SecretString, SecretError> {
    let mut said = ProgramStderr::of(place);
    let bytes = match place {
        SecretRef::Value(value) => return Ok(value.clone()),
        SecretRef::Env(name) => std::env::var_os(name)
            .ok_or_else(|| SecretError::Unset(name.clone()))?
            .into_encoded_bytes(),
        SecretRef::File(path) => disk::read(path, MAX_BYTES).map_err(|cause| match cause.kind() {
            io::ErrorKind::FileTooLarge => SecretError::Unusable(place.to_string()),
            _ => SecretError::Unreadable {
                path: path.display().to_string(),
                cause,
            },
        })?,
        SecretRef::Command(argv) => match output(argv, PATIENCE, keyring, &mut said).await {
            Ok(bytes) => bytes,
            Err(error) => {
                said.tell(keyring);
                return Err(error);
            }
        },
    };
    let secret = checked(bytes, place);
    if let Ok(secret) = &secret {
        keyring.learn(secret);
    }
    said.tell(keyring);
    secret
}

fn checked(bytes: Vec<u8>, place: &SecretRef) -> Result<SecretString, SecretError> {
    let too_long = bytes.len() as u64 > MAX_BYTES;
    let text = String::from_utf8(bytes).map_err(|_| SecretError::Unusable(place.to_string()))?;
    let text = text.trim_start_matches('\u{feff}').trim_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(SecretError::Empty(place.to_string()));
    }
    if too_long || text.contains(char::is_control) {
        return Err(SecretError::Unusable(place.to_string()));
    }
    Ok(SecretString::from(text))
}

/// What a program prints, cut where no secret is as long.
async fn output(
    argv: &[String],
    patience: Duration,
    keyring: &Keyring,
    said: &mut ProgramStderr,
) -> Result<Vec<u8>, SecretError> {
    let program = argv.first().cloned().unwrap_or_default();
    let not_run = |cause| SecretError::NotRun {
        program: program.clone(),
        cause,
    };
    let mut command = Command::new(&program);
    keyring.withhold(&mut command);
    let mut child = command
        .args(argv.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_run)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut listening = pin!(said.listen(stderr, keyring).fuse());
    let printed = async {
        let mut bytes = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MAX_BYTES + 1).read_to_end(&mut bytes).await?;
        }
        // One that prints more is not waited for: that is no secret, and dropping it ends it.
        if bytes.len() as u64 > MAX_BYTES {
            return Ok((bytes, None));
        }
        Ok((bytes, Some(child.wait().await?)))
    };
    let ended = {
        let mut printed = pin!(tokio::time::timeout(patience, printed));
        tokio::select! {
            ended = &mut printed => ended,
            () = listening.as_mut() => printed.await,
        }
    };
    if !listening.is_terminated() {
        // What it said last; what it leaves behind may hold the stream open for ever.
        let _ = tokio::time::timeout(AFTERWARDS, listening).await;
    }
    let (bytes, status) = ended
        .map_err(|_| SecretError::TimedOut {
            program: program.clone(),
            seconds: patience.as_secs(),
        })?
        .map_err(not_run)?;
    match status {
        Some(status) if !status.success() => Err(SecretError::Failed { program, status }),
        _ => Ok(bytes),
    }
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
    use std::process::Stdio;
    use std::time::Duration;

    use secrecy::ExposeSecret as _;

    use super::{Keyring, ProgramStderr, SecretError, SecretRef, output, resolve_secret};

    fn file_with(bytes: &[u8]) -> (tempfile::NamedTempFile, SecretRef) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let place = SecretRef::File(file.path().to_owned());
        (file, place)
    }

    #[tokio::test]
    async fn line_breaks_around_it_are_cut() {
        for bytes in [
            b"s3cret".as_slice(),
            b"s3cret\n",
            b"s3cret\r\n",
            b"\xef\xbb\xbf\ns3cret\n\n",
        ] {
            let (_file, place) = file_with(bytes);
            assert_eq!(
                resolve_secret(&place, &Keyring::default())
                    .await
                    .unwrap()
                    .expose_secret(),
                "s3cret"
            );
        }
        let echo = SecretRef::Command(vec!["echo".into(), "s3cret".into()]);
        assert_eq!(
            resolve_secret(&echo, &Keyring::default())
                .await
                .unwrap()
                .expose_secret(),
            "s3cret"
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_says_much_is_heard_to_its_end() {
        let script = "yes | head -c 300000 >&2 && echo s3cret";
        let place = SecretRef::Command(["sh", "-ec", script].map(str::to_owned).into());
        let secret = resolve_secret(&place, &Keyring::default()).await.unwrap();
        assert_eq!(secret.expose_secret(), "s3cret");
    }

    #[tokio::test]
    async fn errors_name_the_place_and_not_the_value() {
        for bytes in [b"s3cret\nmore\n".as_slice(), b"s3cret\x1b", b"s3cret\xff"] {
            let (_file, place) = file_with(bytes);
            let error = resolve_secret(&place, &Keyring::default()).await.unwrap_err();
            assert!(matches!(error, SecretError::Unusable(_)), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        let (_file, place) = file_with("x".repeat(70_000).as_bytes());
        assert!(matches!(
            resolve_secret(&place, &Keyring::default()).await,
            Err(SecretError::Unusable(_))
        ));
        let (_file, empty) = file_with(b"\n");
        assert!(matches!(
            resolve_secret(&empty, &Keyring::default()).await,
            Err(SecretError::Empty(_))
        ));
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let variable = SecretRef::Env("STOCKTAKE_TEST_NO_SUCH_VARIABLE".into());
        assert_eq!(
            resolve_secret(&variable, &Keyring::default())
                .await
                .unwrap_err()
                .to_string(),
            "the environment variable `STOCKTAKE_TEST_NO_SUCH_VARIABLE` is not set"
        );
        let failing = SecretRef::Command(vec!["false".into()]);
        assert!(matches!(
            resolve_secret(&failing, &Keyring::default()).await,
            Err(SecretError::Failed { .. })
        ));
        let missing = SecretRef::Command(vec!["no-such-program-of-ours".into()]);
        assert!(matches!(
            resolve_secret(&missing, &Keyring::default()).await,
            Err(SecretError::NotRun { .. })
        ));
        let file = SecretRef::File("/no/such/file".into());
        assert!(matches!(
            resolve_secret(&file, &Keyring::default()).await,
            Err(SecretError::Unreadable { .. })
        ));
    }

    fn shell(line: &str) -> Vec<String> {
        ["sh", "-c", line].map(ToOwned::to_owned).to_vec()
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_does_not_end_is_ended() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pid");
        let line = format!("echo $$ > '{}'; exec sleep 60", path.display());
        let started = std::time::Instant::now();
        let place = SecretRef::Command(shell(&line));
        let (keyring, mut said) = (Keyring::default(), ProgramStderr::of(&place));
        let ended = output(&shell(&line), Duration::from_secs(1), &keyring, &mut said).await;
        let error = ended.unwrap_err();
        assert_eq!(error.to_string(), "the program `sh` did not end within 1 s");
        assert!(started.elapsed() < Duration::from_secs(20));
        let pid = std::fs::read_to_string(path).unwrap();
        let alive = || {
            let mut kill = std::process::Command::new("kill");
            let kill = kill.args(["-0", pid.trim()]).stderr(Stdio::null());
            kill.status().unwrap().success()
        };
        // It is killed at once, and taken off the process table a little later.
        while alive() {
            assert!(started.elapsed() < Duration::from_secs(20), "it lives on");
            tokio::task::yield_now().await;
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_prints_for_ever_is_not_waited_for() {
        let endless = SecretRef::Command(shell("while :; do echo s3cret; done"));
        let error = resolve_secret(&endless, &Keyring::default()).await.unwrap_err();
        assert!(matches!(error, SecretError::Unusable(_)), "{error}");
    }
}
