//! Hands the arguments to the command line and its exit code to the operating system.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(stocktake::cli::main(std::env::args_os()).code())
}
