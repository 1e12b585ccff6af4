//! The environment variables that are read besides those of options and of sign-in, in one table.

use std::ffi::OsStr;

use clap::Command;
use clap::builder::Resettable;
use terminal_size::{Width, terminal_size_of};

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// What is logged.
pub(super) const LOG: &str = "STOCKTAKE_LOG";
/// Whether nobody watches.
pub(super) const CI: &str = "CI";
/// How wide a line may be.
pub(super) const COLUMNS: &str = "COLUMNS";

/// Every one of them.
pub const VARIABLES: [Variable; 9] = [
    variable(
        "STOCKTAKE_ACTOR",
        "Who runs the command, for the journal; else the account that the CI or the system names.",
    ),
    variable(
        LOG,
        "What is logged on standard error, in the words of tracing's filters, such as `stocktake=debug`; beats `-v` and `-q`.",
    ),
    variable(
        "NO_COLOR",
        "No colour, when it is set and not empty; `--color` beats it.",
    ),
    variable(
        "CLICOLOR_FORCE",
        "Colour also where no terminal is, when it is set and not `0`; `NO_COLOR` and `--color` beat it.",
    ),
    variable(
        COLUMNS,
        "How many columns wide tables may be; else the terminal's width, and no bound where there is none.",
    ),
    variable(CI, "No progress bars, when it is set."),
    variable(
        "HTTPS_PROXY",
        "The proxy for requests to shops, identity services and web hooks, as `http://HOST:PORT` or \
         `http://USER:PASSWORD@HOST:PORT`; in lower case too.",
    ),
    variable(
        "ALL_PROXY",
        "The same, where `HTTPS_PROXY` is not set; in lower case too.",
    ),
    variable(
        "NO_PROXY",
        "Hosts that are asked without it, with commas between them; in lower case too. This machine always is.",
    ),
];

const fn variable(name: &'static str, meaning: &'static str) -> Variable {
    Variable { name, meaning }
}

/// Has the options of a command take an empty variable for one that is not set, as CI systems leave what they have no value
/// for.
pub(super) fn heeded(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let arguments = command.mut_args(|argument| match argument.get_env() {
        Some(name) if is_empty(name) => argument.env(Resettable::Reset),
        _ => argument,
    });
    arguments.mut_subcommands(heeded)
}

/// How many columns wide a table may be: as COLUMNS says, else as wide as the terminal; `None` where there is none.
pub(super) fn columns() -> Option<u16> {
    let said = std::env::var(COLUMNS).ok();
    let said = said
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns > 0);
    said.or_else(|| {
        let (Width(columns), _) = terminal_size_of(std::io::stdout())?;
        Some(columns)
    })
}
