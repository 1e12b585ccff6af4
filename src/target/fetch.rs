//! Fetches secrets from their places. No message holds a fetched value.

use std::io;
use std::pin::pin;
use std::process::Stdio;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::FusedFuture as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

use super::hygiene::cleaned;
use super::keyring::Keyring;
use super::oddity::{Oddity, SecretUse};
use super::program_stderr::ProgramStderr;
use super::secret::{SecretError, SecretRef};
use crate::disk;

/// The most bytes of a secret.
const MAX_BYTES: u64 = 64 * 1024;

/// The time limit of a program. A person may have to unlock a store.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// The time to read standard error after the program ended.
const STDERR_GRACE: Duration = Duration::from_millis(200);

/// Fetches a secret and cleans it for its use. Warns of a defect that does not make it unusable.
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
            // A value in the file itself is not a secret.
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

/// Fetches a secret, without a byte order mark and surrounding line breaks. A program has one minute, and is killed when the
/// future is dropped.
///
/// The keyring learns the secret. The program's standard error goes to the log, with known secrets masked.
async fn resolve_secret(place: &SecretRef, keyring: &Keyring) -> Result<SecretString, SecretError> {
    let mut stderr_lines = ProgramStderr::of(place);
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
        SecretRef::Command(argv) => match output(argv, MAX_WAIT, keyring, &mut stderr_lines).await {
            Ok(bytes) => bytes,
            Err(error) => {
                stderr_lines.log(keyring);
                return Err(error);
            }
        },
    };
    let secret = checked(bytes, place);
    if let Ok(secret) = &secret {
        keyring.learn(secret);
    }
    stderr_lines.log(keyring);
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

/// The output of a program, cut behind the longest secret.
async fn output(
    argv: &[String],
    max_wait: Duration,
    keyring: &Keyring,
    stderr_lines: &mut ProgramStderr,
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
    let mut listening = pin!(stderr_lines.listen(stderr, keyring).fuse());
    let printed = async {
        let mut bytes = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MAX_BYTES + 1).read_to_end(&mut bytes).await?;
        }
        // A program that prints more is killed by dropping it: its output cannot be a secret.
        if bytes.len() as u64 > MAX_BYTES {
            return Ok((bytes, None));
        }
        Ok((bytes, Some(child.wait().await?)))
    };
    let ended = {
        let mut printed = pin!(tokio::time::timeout(max_wait, printed));
        tokio::select! {
            ended = &mut printed => ended,
            () = listening.as_mut() => printed.await,
        }
    };
    if !listening.is_terminated() {
        // Read the last lines, but not for ever: a child of the program may hold the stream open.
        let _ = tokio::time::timeout(STDERR_GRACE, listening).await;
    }
    let (bytes, status) = ended
        .map_err(|_| SecretError::TimedOut {
            program: program.clone(),
            seconds: max_wait.as_secs(),
        })?
        .map_err(not_run)?;
    match status {
        Some(status) if !status.success() => Err(SecretError::Failed { program, status }),
        _ => Ok(bytes),
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

    async fn fetched(place: &SecretRef) -> Result<String, SecretError> {
        let secret = resolve_secret(place, &Keyring::default()).await;
        secret.map(|secret| secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn line_breaks_around_it_are_cut() {
        for bytes in ["s3cret", "s3cret\n", "s3cret\r\n", "\u{feff}\ns3cret\n\n"] {
            let (_file, place) = file_with(bytes.as_bytes());
            assert_eq!(fetched(&place).await.unwrap(), "s3cret");
        }
        let echo = SecretRef::Command(vec!["echo".into(), "s3cret".into()]);
        assert_eq!(fetched(&echo).await.unwrap(), "s3cret");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_says_much_is_heard_to_its_end() {
        let script = "yes | head -c 300000 >&2 && echo s3cret";
        let place = SecretRef::Command(["sh", "-ec", script].map(str::to_owned).into());
        assert_eq!(fetched(&place).await.unwrap(), "s3cret");
    }

    #[tokio::test]
    async fn errors_name_the_place_and_not_the_value() {
        for bytes in [b"s3cret\nmore\n".as_slice(), b"s3cret\x1b", b"s3cret\xff"] {
            let (_file, place) = file_with(bytes);
            let error = fetched(&place).await.unwrap_err();
            assert!(matches!(error, SecretError::Unusable(_)), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        let (_file, place) = file_with("x".repeat(70_000).as_bytes());
        assert!(matches!(fetched(&place).await, Err(SecretError::Unusable(_))));
        let (_file, empty) = file_with(b"\n");
        assert!(matches!(fetched(&empty).await, Err(SecretError::Empty(_))));
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let variable = SecretRef::Env("STOCKTAKE_TEST_NO_SUCH_VARIABLE".into());
        assert_eq!(
            fetched(&variable).await.unwrap_err().to_string(),
            "the environment variable `STOCKTAKE_TEST_NO_SUCH_VARIABLE` is not set"
        );
        let failing = fetched(&SecretRef::Command(vec!["false".into()])).await;
        assert!(matches!(failing, Err(SecretError::Failed { .. })));
        let missing = fetched(&SecretRef::Command(vec!["no-such-program-of-ours".into()])).await;
        assert!(matches!(missing, Err(SecretError::NotRun { .. })));
        let file = fetched(&SecretRef::File("/no/such/file".into())).await;
        assert!(matches!(file, Err(SecretError::Unreadable { .. })));
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
        let (keyring, mut stderr_lines) = (Keyring::default(), ProgramStderr::of(&place));
        let ended = output(&shell(&line), Duration::from_secs(1), &keyring, &mut stderr_lines).await;
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
        let error = fetched(&endless).await.unwrap_err();
        assert!(matches!(error, SecretError::Unusable(_)), "{error}");
    }
}
