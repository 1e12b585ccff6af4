//! The table of environment variables other than those of options and sign-in.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use clap::builder::Resettable;
use clap::{Arg, Command};
use terminal_size::{Width, terminal_size_of};

use crate::target::SIGN_IN_VARIABLES;

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its effect.
    pub meaning: &'static str,
}

/// The log filter.
pub(crate) const LOG: &str = "STOCKTAKE_LOG";
/// Set in CI.
pub(crate) const CI: &str = "CI";
/// The width of a line.
pub(crate) const COLUMNS: &str = "COLUMNS";

/// All of them.
pub const VARIABLES: [Variable; 10] = [
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
    variable(
        "STOCKTAKE_NOTE_TOKEN",
        "The token by which GitLab's jobs write notes; stocktake keeps it from the programs that it starts, and does no more with it.",
    ),
];

const fn variable(name: &'static str, meaning: &'static str) -> Variable {
    Variable { name, meaning }
}

/// Makes options treat an empty variable as unset: CI systems leave variables without a value empty.
pub(crate) fn heeded(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let arguments = command.mut_args(|argument| match argument.get_env() {
        Some(name) if is_empty(name) => argument.env(Resettable::Reset),
        _ => argument,
    });
    arguments.mut_subcommands(heeded)
}

/// The prefix of our own variables.
const OURS: &str = concat!("STOCKTAKE", "_");

/// Warnings about variables that nothing reads and that are spelt almost like one of ours. `read` lists those that a targets
/// file names.
pub(crate) fn misspelt_variables(read: &[&str], options: &BTreeSet<String>) -> Vec<String> {
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let set = set.filter_map(|(name, _)| name.into_string().ok());
    let set: BTreeSet<String> = set.filter(|name| !read.contains(&name.as_str())).collect();
    let mut known = options.clone();
    known.extend(VARIABLES.map(|variable| variable.name.to_owned()));
    known.extend(SIGN_IN_VARIABLES.map(|variable| variable.name.to_owned()));
    let misspelt = misspelt(&set, &known).into_iter();
    misspelt
        .map(|(name, meant)| format!("the variable {name} is not read; is {meant} meant?"))
        .collect()
}

/// The variables that set options of a command.
pub(crate) fn option_variables(command: &Command) -> BTreeSet<String> {
    let commands = std::iter::once(command).chain(command.get_subcommands());
    let names = commands.flat_map(Command::get_arguments).filter_map(Arg::get_env);
    names.filter_map(|name| Some(name.to_str()?.to_owned())).collect()
}

/// The names that are almost one of ours, each with that one.
fn misspelt<'a>(set: &'a BTreeSet<String>, known: &'a BTreeSet<String>) -> Vec<(&'a str, &'a str)> {
    let ours = || known.iter().filter_map(|name| name.strip_prefix(OURS));
    let of = |name: &'a String| {
        let upper = name.to_ascii_uppercase();
        let rest = upper.strip_prefix(OURS)?;
        let near = ours().map(|meant| (strsim::osa_distance(rest, meant), meant));
        let (distance, meant) = near.min()?;
        // Of a short name one letter, of a long one two.
        (distance <= (meant.len() / 3).min(2)).then_some((name.as_str(), meant))
    };
    let unread = set.iter().filter(|name| !known.contains(*name));
    let full = |meant: &str| known.iter().find(|name| name.strip_prefix(OURS) == Some(meant));
    unread
        .filter_map(of)
        .filter_map(|(name, meant)| Some((name, full(meant)?.as_str())))
        .collect()
}

/// Width of tables in columns: COLUMNS, else the terminal's width; `None` without a terminal.
pub(crate) fn columns() -> Option<u16> {
    let said = std::env::var(COLUMNS).ok();
    let said = said
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns > 0);
    said.or_else(|| {
        let (Width(columns), _) = terminal_size_of(std::io::stdout())?;
        Some(columns)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{OURS, misspelt};

    #[test]
    fn a_variable_that_is_almost_ours_is_found_and_no_other() {
        let ours = ["URL", "TARGET", "STATE_DIR", "TOKEN"].map(|rest| format!("{OURS}{rest}"));
        let known: BTreeSet<String> = ours.into_iter().chain(["CI".to_owned()]).collect();
        let found = |name: String| {
            let set = BTreeSet::from([name]);
            misspelt(&set, &known)
                .first()
                .map(|(_, meant)| (*meant).to_owned())
        };
        for (rest, meant) in [
            ("TARGETS", "TARGET"),
            ("TAGRET", "TARGET"),
            ("URI", "URL"),
            ("STATEDIR", "STATE_DIR"),
            ("token", "TOKEN"),
        ] {
            let meant_name = found(format!("{OURS}{rest}"));
            assert_eq!(meant_name, Some(format!("{OURS}{meant}")), "{rest}");
        }
        assert_eq!(found("stocktake_url".to_owned()), Some(format!("{OURS}URL")));
        for rest in ["TARGET", "TOKEN_EU", "PORT", "VERSION", "SERVICE_HOST", ""] {
            assert_eq!(found(format!("{OURS}{rest}")), None, "{rest}");
        }
        for other in ["C1", "TARGET", "STOCKTAKE"] {
            assert_eq!(found(other.to_owned()), None, "{other}");
        }
    }
}
