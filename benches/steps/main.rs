//! The steps of a plan, one by one and in this process: how long each takes (`cargo bench --bench steps`), and how many
//! instructions (`cargo bench --bench steps -- counts`), which is what the gate compares.

mod cases;
mod counts;

use std::process::ExitCode;

use cases::{Case, Input};
use clap::Parser;

/// Links in the world whose steps are timed.
const TIMED: usize = 100_000;

#[derive(Debug, Parser)]
enum Cli {
    /// Count the instructions of each step and compare them with the baseline.
    Counts(counts::CountsArgs),
    /// Run one step so many times (a child of `counts`).
    #[command(hide = true)]
    Run {
        #[arg(value_parser = Case::named)]
        case: Case,
        times: usize,
    },
}

fn main() -> ExitCode {
    // Any other argument is for the timing harness.
    if !matches!(std::env::args().nth(1).as_deref(), Some("counts" | "run")) {
        divan::main();
        return ExitCode::SUCCESS;
    }
    match Cli::parse() {
        Cli::Counts(args) => counts::run(&args),
        Cli::Run { case, times } => {
            let input = Input::new(counts::COUNTED, case);
            for _ in 0..times {
                std::hint::black_box(input.run());
            }
            ExitCode::SUCCESS
        }
    }
}

#[divan::bench(args = Case::ALL)]
fn step(bencher: divan::Bencher<'_, '_>, case: Case) {
    let input = Input::new(TIMED, case);
    bencher.bench(|| input.run());
}
