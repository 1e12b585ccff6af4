//! `completions`: prints the completion script of a shell.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::cli::output::printer::Printer;
use crate::run::{Exit, Failure};

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake completions bash > ~/.local/share/bash-completion/completions/stocktake
  stocktake completions zsh > ~/.zfunc/_stocktake
  stocktake completions fish > ~/.config/fish/completions/stocktake.fish
  stocktake completions powershell > stocktake.ps1")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, command: &mut Command, printer: &Printer) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "stocktake", &mut script);
    printer.language(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
