//! Runs the program of a reindex step: without a shell, its output passed on line by line.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::FusedFuture as _;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::outcome::StepFailure;
use super::printed::Printed;
use super::process_group::ProcessGroup;
use crate::run::event::{Event, Observer};
use crate::target::{Keyring, Mask};

/// The longest line that is passed on in one piece, in bytes.
const LONGEST_LINE: usize = 64 * 1024;

/// The time for which output is still read after a program has ended. A process that it leaves behind, such as the master
/// connection of `ssh`, may hold the streams open for ever.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// The result of a program.
#[derive(Debug)]
pub(super) struct Output {
    /// Its exit code; -1 when a signal ended it.
    pub exit_code: i32,
    /// What it printed about indexes, on both streams.
    pub printed: Printed,
}

/// Finds a program as the system would: by its path, or in the folders of `PATH`.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let named = Path::new(program);
    if program.is_empty() {
        return None;
    }
    if named.components().count() > 1 {
        return is_program(named).then(|| named.to_owned());
    }
    let folders = std::env::var_os("PATH")?;
    let suffix = std::env::consts::EXE_SUFFIX;
    std::env::split_paths(&folders)
        .flat_map(|folder| [folder.join(program), folder.join(format!("{program}{suffix}"))])
        .find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// A program that a step runs.
pub(super) struct Program<'a> {
    /// The program and its arguments.
    pub argv: &'a [String],
    /// The variables with secrets that it may see.
    pub pass_env: &'a [String],
    /// The secrets that are kept from it, and masked in its output.
    pub keyring: &'a Keyring,
}

/// Runs a program to its end, or until `stop`: then its process group is asked to end, and killed after some seconds.
/// Dropping the future kills it at once.
pub(super) async fn run(
    program: &Program<'_>,
    observer: &dyn Observer,
    stop: &CancellationToken,
) -> Result<Output, StepFailure> {
    let (mut child, group) = start(program)?;
    let mask = program.keyring.mask();
    let printed = Mutex::default();
    let status = {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let reading = async {
            tokio::join!(
                pass_on(stdout, &mask, observer, &printed),
                pass_on(stderr, &mask, observer, &printed)
            )
        };
        // It may be polled again after its end.
        let mut reading = pin!(reading.fuse());
        let ended = tokio::select! {
            status = ended(&mut child, reading.as_mut()) => Some(status),
            () = stop.cancelled() => None,
        };
        let Some(status) = ended else {
            tokio::select! {
                () = group.end(&mut child) => {}
                () = for_ever(reading.as_mut()) => {}
            }
            if !reading.is_terminated() {
                // Its last output.
                let _ = tokio::time::timeout(AFTERWARDS, reading).await;
            }
            return Err(StepFailure::Interrupted);
        };
        group.release();
        status
    };
    let status = status.map_err(|error| not_started(program.argv, &error))?;
    Ok(Output {
        exit_code: status.code().unwrap_or(-1),
        printed: printed.into_inner().unwrap_or_else(PoisonError::into_inner),
    })
}

fn start(program: &Program<'_>) -> Result<(Child, ProcessGroup), StepFailure> {
    let Program {
        argv,
        pass_env,
        keyring,
    } = *program;
    let (program, arguments) = argv.split_first().ok_or_else(|| StepFailure::NotStarted {
        program: String::new(),
        error: "no program is named".to_owned(),
    })?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    keyring.withhold_but(pass_env, &mut command);
    ProcessGroup::prepare(&mut command);
    let child = command.spawn().map_err(|error| not_started(argv, &error))?;
    let group = ProcessGroup::of(&child);
    Ok((child, group))
}

fn not_started(argv: &[String], error: &io::Error) -> StepFailure {
    StepFailure::NotStarted {
        program: argv.first().cloned().unwrap_or_default(),
        error: error.to_string(),
    }
}

/// Waits for a program's end, and a little longer for the end of its output.
async fn ended(
    child: &mut Child,
    mut reading: impl Future<Output = ((), ())> + Unpin,
) -> io::Result<ExitStatus> {
    tokio::select! {
        _ = &mut reading => child.wait().await,
        status = child.wait() => {
            let _ = tokio::time::timeout(AFTERWARDS, reading).await;
            status
        }
    }
}

/// Reads on and never ends.
async fn for_ever(reading: impl Future<Output = ((), ())>) {
    reading.await;
    std::future::pending::<()>().await;
}

/// Passes each line on with secrets masked, and reads it unmasked.
async fn pass_on(
    stream: Option<impl AsyncRead + Unpin>,
    mask: &Mask,
    observer: &dyn Observer,
    printed: &Mutex<Printed>,
) {
    let Some(stream) = stream else { return };
    let mut stream = BufReader::new(stream);
    // A broken stream counts as its end: the exit code gives the result.
    let mut begun = String::new();
    while let Ok(Some((part, ends))) = next_line(&mut stream).await {
        begun += &String::from_utf8_lossy(&part);
        // A line that is passed on in pieces may have a secret across two of them.
        let rest = begun.split_off(if ends { begun.len() } else { mask.settled(&begun) });
        let line = begun.trim_end_matches('\r');
        observer.notice(Event::StepOutput {
            line: &mask.masked(line),
        });
        printed.lock().unwrap_or_else(PoisonError::into_inner).take(line);
        begun = rest;
        if stream.buffer().is_empty() {
            // A program that prints without a pause would leave no turn to the timeout.
            tokio::task::yield_now().await;
        }
    }
    if !begun.is_empty() {
        printed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(&begun);
        observer.notice(Event::StepOutput {
            line: &mask.masked(&begun),
        });
    }
}

/// Reads to the end of a line, or up to the longest line, and returns whether the line ends there; `None` at the end of the
/// stream.
async fn next_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<(Vec<u8>, bool)>> {
    let mut line = Vec::new();
    loop {
        let chunk = stream.fill_buf().await?;
        if chunk.is_empty() {
            return Ok((!line.is_empty()).then_some((line, true)));
        }
        let chunk = &chunk[..chunk.len().min(LONGEST_LINE - line.len())];
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = end.unwrap_or(chunk.len());
        line.extend_from_slice(&chunk[..part]);
        stream.consume(part + usize::from(end.is_some()));
        if end.is_some() || line.len() == LONGEST_LINE {
            return Ok(Some((line, end.is_some())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio_util::sync::CancellationToken;

    use super::{LONGEST_LINE, Program, next_line, run};
    use crate::run::reindex::outcome::StepFailure;
    use crate::target::Keyring;

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_prints_without_a_pause_is_ended_when_its_time_is_over() {
        let program = Program {
            argv: &["yes".to_owned()],
            pass_env: &[],
            keyring: &Keyring::default(),
        };
        let stop = CancellationToken::new();
        let began = Instant::now();
        let mut running = std::pin::pin!(run(&program, &(), &stop));
        // The program is polled first, so that only its pauses give the clock a turn.
        tokio::select! {
            biased;
            _ = &mut running => panic!("it never ends by itself"),
            () = tokio::time::sleep(Duration::from_millis(200)) => stop.cancel(),
        }
        assert!(matches!(running.await, Err(StepFailure::Interrupted)));
        assert!(
            began.elapsed() < Duration::from_secs(8),
            "it was asked to end late"
        );
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_cut_and_everything_is_passed_on() {
        let long = vec![b'x'; 2 * LONGEST_LINE + 1];
        let text = [b"one\n\ntwo\r\n", long.as_slice(), b"\nlast"].concat();
        let mut stream = text.as_slice();
        let mut lines = Vec::new();
        while let Some((line, _)) = next_line(&mut stream).await.unwrap() {
            lines.push(line);
        }
        let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 0, 4, LONGEST_LINE, LONGEST_LINE, 1, 4]);
        assert_eq!(lines[6], b"last");
    }
}
