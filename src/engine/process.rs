//! A reindex step that runs a program: without a shell, its output passed on line by line.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;

use super::event::{Event, Observer};
use super::outcome::StepFailure;

/// The most of a program's standard output that is kept to be judged, in bytes.
const KEPT: usize = 1024 * 1024;

/// How long its output is still read when a program has ended: what it leaves behind, such as the master connection of
/// `ssh`, may hold its streams open for ever.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// How a program ended.
#[derive(Debug)]
pub(super) struct Output {
    /// Its exit code; -1 when a signal ended it.
    pub exit_code: i32,
    /// What it printed on standard output, up to a limit.
    pub stdout: String,
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

/// Runs a program to its end; dropping the future ends the program.
pub(super) async fn run(argv: &[String], observer: &dyn Observer) -> Result<Output, StepFailure> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(StepFailure::NotStarted {
            program: String::new(),
            error: "no program is named".to_owned(),
        });
    };
    let failed = |error: std::io::Error| StepFailure::NotStarted {
        program: program.clone(),
        error: error.to_string(),
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut kept = String::new();
    let status = {
        let reading = async {
            tokio::join!(
                pass_on(stdout, observer, Some(&mut kept)),
                pass_on(stderr, observer, None)
            )
        };
        tokio::pin!(reading);
        tokio::select! {
            _ = &mut reading => child.wait().await,
            status = child.wait() => {
                let _ = tokio::time::timeout(AFTERWARDS, &mut reading).await;
                status
            }
        }
    };
    let status = status.map_err(failed)?;
    Ok(Output {
        exit_code: status.code().unwrap_or(-1),
        stdout: kept,
    })
}

/// Passes each line on and keeps the beginning of the whole.
async fn pass_on(
    stream: Option<impl AsyncRead + Unpin>,
    observer: &dyn Observer,
    mut kept: Option<&mut String>,
) {
    let Some(stream) = stream else { return };
    let mut lines = BufReader::new(stream).split(b'\n');
    // A stream that breaks ends like one that ends: the exit code tells how the program fared.
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\r');
        observer.notice(Event::StepOutput { line });
        if let Some(kept) = kept.as_mut().filter(|kept| kept.len() + line.len() < KEPT) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
}
