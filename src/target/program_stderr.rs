//! What a program says on standard error while it fetches a secret.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::time::{Instant, sleep_until};

use super::keyring::Keyring;
use super::secret::SecretRef;

/// The most of it that is told, in bytes.
const MOST: u64 = 64 * 1024;

/// How long nothing is told: most programs have ended by then, and the secret is known that they may tell by mistake. One
/// that takes longer may ask a person to unlock what it reads.
const HELD_BACK: Duration = Duration::from_secs(1);

/// What was said and has not been told.
pub(super) struct ProgramStderr {
    program: String,
    lines: Vec<String>,
}

impl ProgramStderr {
    /// That of the program at this place, if there is one.
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

    /// Listens to the end of the stream; tells what is said once the program takes long.
    pub(super) async fn listen(&mut self, stream: Option<impl AsyncRead + Unpin>, keyring: &Keyring) {
        let Some(mut stream) = stream else { return };
        self.hear(&mut stream, keyring).await;
        // A program whose stream is closed may end by that.
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }

    async fn hear(&mut self, stream: impl AsyncRead + Unpin, keyring: &Keyring) {
        let mut lines = BufReader::new(stream.take(MOST)).split(b'\n');
        let patience = Instant::now() + HELD_BACK;
        loop {
            let is_over = Instant::now() >= patience;
            if is_over {
                self.tell(keyring);
            }
            tokio::select! {
                // A stream that breaks ends like one that ends.
                line = lines.next_segment() => match line {
                    Ok(Some(line)) => self.lines.push(String::from_utf8_lossy(&line).into_owned()),
                    Ok(None) | Err(_) => return,
                },
                () = sleep_until(patience), if !is_over => {}
            }
        }
    }

    /// Tells what was said, without the secrets that are known by now.
    pub(super) fn tell(&mut self, keyring: &Keyring) {
        if self.lines.is_empty() {
            return;
        }
        let mask = keyring.mask();
        for line in self.lines.drain(..) {
            tracing::warn!("{}: {}", self.program, mask.masked(&line));
        }
    }
}
