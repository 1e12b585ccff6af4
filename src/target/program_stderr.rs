//! Logs the standard error of a program that fetches a secret.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::time::{Instant, sleep_until};

use super::keyring::Keyring;
use super::secret::SecretRef;

/// The most bytes to log.
const MOST: u64 = 64 * 1024;

/// The time before lines are logged. Most programs have ended by then, and their secret is known and can be masked. A program
/// that takes longer may be asking a person to unlock a store.
const HOLD_BACK: Duration = Duration::from_secs(1);

/// The lines that are not logged yet.
pub(super) struct ProgramStderr {
    program: String,
    lines: Vec<String>,
}

impl ProgramStderr {
    /// Starts for the program at this place, if it is one.
    pub(super) fn of(place: &SecretRef) -> Self {
        let program = match place {
            SecretRef::Command(argv) => argv.first().cloned().unwrap_or_default(),
            SecretRef::Env(_) | SecretRef::File(_) | SecretRef::Value(_) => String::new(),
        };
        Self {
            program,
            lines: Vec::new(),
        }
    }

    /// Reads the stream to its end. Logs the lines once the program takes long.
    pub(super) async fn listen(&mut self, stream: Option<impl AsyncRead + Unpin>, keyring: &Keyring) {
        let Some(mut stream) = stream else { return };
        self.collect(&mut stream, keyring).await;
        // A program may die if its stream is closed, so read the rest.
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }

    async fn collect(&mut self, stream: impl AsyncRead + Unpin, keyring: &Keyring) {
        let mut lines = BufReader::new(stream.take(MOST)).split(b'\n');
        let log_from = Instant::now() + HOLD_BACK;
        loop {
            let is_over = Instant::now() >= log_from;
            if is_over {
                self.log(keyring);
            }
            tokio::select! {
                // A broken stream counts as ended.
                line = lines.next_segment() => match line {
                    Ok(Some(line)) => self.lines.push(String::from_utf8_lossy(&line).into_owned()),
                    Ok(None) | Err(_) => return,
                },
                () = sleep_until(log_from), if !is_over => {}
            }
        }
    }

    /// Logs the lines, with known secrets masked.
    pub(super) fn log(&mut self, keyring: &Keyring) {
        if self.lines.is_empty() {
            return;
        }
        let mask = keyring.mask();
        for line in self.lines.drain(..) {
            tracing::warn!("{}: {}", self.program, mask.masked(&line));
        }
    }
}
