//! Chores of this repository. `cargo xtask campaign` plays the campaign of faults.

mod campaign;

use std::process::ExitCode;

use campaign::Campaign;
use campaign::workspace::AS_STOCKTAKE;
use clap::Parser;

/// Chores of this repository.
#[derive(Debug, Parser)]
enum Chore {
    /// Runs stocktake through random shops, faults and interrupts, and checks what it says against what happened.
    Campaign(Campaign),
}

fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == AS_STOCKTAKE) {
        arguments.remove(1);
        return ExitCode::from(stocktake::cli::main(arguments).code());
    }
    match Chore::parse() {
        Chore::Campaign(campaign) => campaign.run(),
    }
}
