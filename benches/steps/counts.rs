//! The gate: instructions of each step, counted by valgrind, against the committed baseline. Instructions do not depend on
//! how busy the machine is, as times do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::cases::Case;

/// Links in the world whose steps are counted: valgrind is some fifty times slower.
pub const COUNTED: usize = 10_000;

/// How much more than the baseline is too much, in percent.
const TOLERANCE: f64 = 5.0;

#[derive(Debug, Args)]
pub struct CountsArgs {
    /// Make what is counted now the baseline.
    #[arg(long, requires = "reason")]
    update: bool,
    /// Why it may be what it is: kept with it, for the reader of the change.
    #[arg(long)]
    reason: Option<String>,
    /// What `cargo bench` says; without a meaning here.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What was counted, and what that rests on.
#[derive(Debug, Serialize, Deserialize)]
struct Baseline {
    /// Why it is what it is.
    reason: String,
    /// The compiler; another one makes other code.
    rustc: String,
    /// Links in the world.
    links: usize,
    /// Instructions of one run of each step.
    instructions: BTreeMap<String, u64>,
}

/// Counts, and compares or keeps.
pub fn run(args: &CountsArgs) -> ExitCode {
    let done = match &args.reason {
        Some(reason) if args.update => update(reason),
        _ => compare(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn update(reason: &str) -> Result<bool, String> {
    let baseline = Baseline {
        reason: reason.to_owned(),
        rustc: rustc()?,
        links: COUNTED,
        instructions: counted()?,
    };
    let text = serde_json::to_string_pretty(&baseline).map_err(|error| error.to_string())?;
    std::fs::write(file(), text + "\n").map_err(|error| format!("{}: {error}", file().display()))?;
    Ok(true)
}

/// Whether no step takes more than the baseline allows, and none is missing there.
fn compare() -> Result<bool, String> {
    let text = std::fs::read_to_string(file()).map_err(|error| format!("{}: {error}", file().display()))?;
    let baseline: Baseline =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file().display()))?;
    let now = counted()?;
    println!("| step | instructions | baseline | change |\n|---|--:|--:|--:|");
    let mut good = now.keys().eq(baseline.instructions.keys());
    for (step, count) in &now {
        let was = baseline.instructions.get(step).copied().unwrap_or_default();
        let change = change(was, *count);
        good &= change <= TOLERANCE;
        println!("| {step} | {count} | {was} | {change:+.1} % |");
    }
    if !good {
        let compiler = rustc()?;
        if compiler != baseline.rustc {
            eprintln!(
                "the baseline was made with {}, this is {compiler}",
                baseline.rustc
            );
        }
        eprintln!(
            "more than {TOLERANCE} % above the baseline, or other steps than there: make it cheaper, or say why not with\n  \
             cargo bench --bench steps -- counts --update --reason '…'"
        );
    }
    Ok(good)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn change(was: u64, now: u64) -> f64 {
    (now as f64 / was as f64 - 1.0) * 100.0
}

/// Instructions of one run of each step: what two runs take beyond one, so that the preparation does not count.
fn counted() -> Result<BTreeMap<String, u64>, String> {
    let one = |case: Case| {
        let (once, twice) = (instructions(case, 1)?, instructions(case, 2)?);
        Ok((case.to_string(), twice.saturating_sub(once)))
    };
    Case::ALL.into_iter().map(one).collect()
}

fn instructions(case: Case, times: usize) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["run", &case.to_string(), &times.to_string()]);
    let output = valgrind
        .output()
        .map_err(|error| format!("valgrind cannot be started: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count
        .filter(|_| output.status.success())
        .ok_or_else(|| format!("valgrind counted nothing for {case}:\n{told}"))
}

fn rustc() -> Result<String, String> {
    let output = Command::new("rustc").arg("--version").output();
    let output = output.map_err(|error| format!("rustc cannot be started: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/steps/baseline.json")
}
