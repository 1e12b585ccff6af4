//! The campaign: random worlds, faults and interrupts, and stocktake as a process of its own among them. Every exit code,
//! report and journal is held against the sandbox's own log. `docs/reliability.md` tells what it checks and what it found.
//!
//! ```sh
//! cargo xtask campaign --runs 10000 --seed 1
//! cargo xtask campaign --only 1234        # one run again, told whole
//! ```

mod check;
mod concurrent;
mod draw;
mod faults;
mod overlap;
mod play;
mod sandbox_state;
mod script;
mod transcript;
mod wanted;
pub mod workspace;
mod world;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use play::{Numbers, Outcome, play};

/// Runs stocktake through random worlds, faults and interrupts, and holds what it says against what happened.
#[derive(Debug, clap::Args)]
pub struct Campaign {
    /// The number of runs.
    #[arg(long, default_value_t = 300)]
    runs: u64,
    /// The seed of the first run; each further one has the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Play the run of one seed alone, and tell its whole transcript.
    #[arg(long, value_name = "SEED")]
    only: Option<u64>,
    /// The number of runs at the same time; twice as many as there are processors when nothing is said.
    #[arg(long)]
    jobs: Option<usize>,
    /// Stop after so many failures.
    #[arg(long, default_value_t = 10)]
    failures: usize,
}

impl Campaign {
    /// Plays the runs that were asked for.
    pub fn run(&self) -> ExitCode {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime can be started");
        match self.only {
            Some(seed) => runtime.block_on(one(seed)),
            None => runtime.block_on(all(self)),
        }
    }
}

/// Plays one run and tells its transcript.
async fn one(seed: u64) -> ExitCode {
    let outcome = play(seed).await.expect("the run can be played");
    println!("{}", outcome.transcript.render());
    ended(!outcome.transcript.is_violated())
}

/// Plays all runs, and tells the stories of those that fail.
async fn all(campaign: &Campaign) -> ExitCode {
    let started = Instant::now();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = campaign.jobs.unwrap_or(2 * processors);
    let next = Arc::new(AtomicU64::new(0));
    let (runs, first) = (campaign.runs, campaign.seed);
    let mut workers = tokio::task::JoinSet::new();
    let (sender, mut outcomes) = tokio::sync::mpsc::channel::<Outcome>(1);
    for _ in 0..jobs {
        let (next, sender) = (Arc::clone(&next), sender.clone());
        workers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= runs {
                    return;
                }
                let outcome = play(first.wrapping_add(number))
                    .await
                    .expect("a run can be played");
                if sender.send(outcome).await.is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    let mut total = Numbers::default();
    let (mut played, mut failed) = (0_u64, 0_usize);
    while let Some(outcome) = outcomes.recv().await {
        played += 1;
        total.add(outcome.numbers);
        if outcome.transcript.is_violated() {
            failed += 1;
            println!("{}\n", outcome.transcript.render());
            if failed >= campaign.failures {
                break;
            }
        }
    }
    drop(outcomes);
    workers.abort_all();
    summary(&total, played, failed, started);
    ended(failed == 0)
}

fn summary(total: &Numbers, played: u64, failed: usize, started: Instant) {
    let list = |counts: &BTreeMap<String, u64>| {
        let parts = counts.iter().map(|(name, count)| format!("{name}: {count}"));
        parts.collect::<Vec<_>>().join(", ")
    };
    println!(
        "runs: {played}, failed: {failed}, seconds: {:.1}",
        started.elapsed().as_secs_f64()
    );
    println!(
        "commands: {}, processes killed: {}, writes of links carried out: {}, begun while another was under way: {}",
        total.commands, total.kills, total.writes, total.overlapping
    );
    println!("exit codes: {}", list(&total.exits));
    println!("faults: {}", list(&total.faults));
}

fn ended(well: bool) -> ExitCode {
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
