//! `man`: the manual pages.

use std::path::PathBuf;

use clap::{Args, Command};

use super::exit::Exit;
use super::failure::Failure;
use super::printer::Printer;

/// Print the manual page, or write one for each command to a folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake man > stocktake.1
  stocktake man --out man/man1")]
pub(crate) struct ManArgs {
    /// The folder to write to.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &ManArgs, command: Command, printer: &Printer) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| Failure::error("the manual could not be written").caused_by(&error);
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(command, folder).map_err(failed)?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(failed)?;
        printer.language(&String::from_utf8_lossy(&page))?;
    }
    Ok(Exit::Done)
}
