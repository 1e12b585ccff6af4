//! `completions`: prints the completion script of a shell, and the names that the script asks for.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::cli::completion::bash::Asked;
use crate::cli::completion::names::Names;
use crate::cli::completion::scripts::script;
use crate::cli::output::printer::Printer;
use crate::run::{Exit, Failure};

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
In bash, zsh and fish the names of targets and stocks, and the guards of --allow, come from targets.yaml and the inventory
files. No shop is asked for them.

Examples:
  stocktake completions bash > ~/.local/share/bash-completion/completions/stocktake
  stocktake completions zsh > ~/.zfunc/_stocktake
  stocktake completions fish > ~/.config/fish/completions/stocktake.fish
  stocktake completions powershell > stocktake.ps1")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
    /// Print these names, one a line.
    #[arg(long, hide = true, value_enum)]
    names: Option<Names>,
    /// Print what may stand in place of the first of LINE, which bash replaces; the others are the line up to there.
    #[arg(long, hide = true)]
    words: bool,
    /// The words of a command line.
    #[arg(hide = true, last = true)]
    line: Vec<String>,
}

pub(crate) fn run(args: &CompletionsArgs, command: &mut Command, printer: &Printer) -> Result<Exit, Failure> {
    let replies = match (args.names, args.line.split_first()) {
        (Some(names), _) => names.known(&args.line, printer),
        (None, Some((word, pieces))) if args.words => {
            // Another word: the script completes it by itself.
            let Some(asked) = Asked::of(word, pieces) else {
                return Ok(Exit::Error);
            };
            asked.replies(&asked.names.known(&asked.words, printer))
        }
        (None, _) => {
            printer.language(&script(args.shell, command))?;
            return Ok(Exit::Done);
        }
    };
    let lines = replies.into_iter().map(|reply| reply + "\n");
    printer.language(&lines.collect::<String>())?;
    Ok(Exit::Done)
}
