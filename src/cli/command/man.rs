//! `man`: prints or writes the manual pages.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, Command};

use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{Exit, Failure};

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
    let failed = |error: io::Error| Failure::error("the manual could not be written").caused_by(&error);
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).map_err(failed)?;
        // The generator writes through links: what it makes is brought to the folder from one of our own.
        let made = tempfile::tempdir().map_err(failed)?;
        clap_mangen::generate_to(command, made.path()).map_err(failed)?;
        for page in fs::read_dir(made.path()).map_err(failed)? {
            let page = page.map_err(failed)?;
            let text = fs::read_to_string(page.path()).map_err(failed)?;
            let path = folder.join(page.file_name());
            disk::replace(&path, &text).map_err(|error| Failure::unwritable(&path, &error))?;
        }
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(failed)?;
        printer.language(&String::from_utf8_lossy(&page))?;
    }
    Ok(Exit::Done)
}
