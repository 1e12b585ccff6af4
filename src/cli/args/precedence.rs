//! The command line beats the environment in naming the target, and names it in one way only.

use clap::ArgMatches;
use clap::error::{Error, ErrorKind};
use clap::parser::ValueSource;

use crate::cli::args::{PlaceArgs, TargetArgs, TargetsArgs, WAYS};

/// Arguments that name targets, by an address or by names.
pub(crate) trait Naming {
    /// The other arguments about the target.
    fn place(&mut self) -> &mut PlaceArgs;
    /// Ignores the names.
    fn forget_names(&mut self);
}

impl Naming for TargetArgs {
    fn place(&mut self) -> &mut PlaceArgs {
        &mut self.place
    }

    fn forget_names(&mut self) {
        self.target = None;
    }
}

impl Naming for TargetsArgs {
    fn place(&mut self) -> &mut PlaceArgs {
        &mut self.place
    }

    fn forget_names(&mut self) {
        self.names.clear();
    }
}

/// Ignores the environment if the command line names a target, and notes which arguments the command line gives. If it names
/// none, the environment is checked when the target is selected.
pub(crate) fn note(args: &mut dyn Naming, matches: &ArgMatches) -> Result<(), Error> {
    let given = |id: &str| {
        // Not every command has every way.
        matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let named: Vec<&str> = WAYS.into_iter().filter(|id| given(id)).collect();
    let noted = WAYS
        .into_iter()
        .chain(["targets", "token_file", "state_dir", "files"]);
    args.place().typed.ids = noted.filter(|id| given(id)).collect();
    match named.as_slice() {
        [] => {}
        [first, second, ..] => {
            return Err(conflict(&format!(
                "the argument '--{}' cannot be used with '--{}'",
                first.replace('_', "-"),
                second.replace('_', "-")
            )));
        }
        ["sandbox"] if given("token_file") => {
            return Err(conflict(
                "the argument '--sandbox' cannot be used with '--token-file'",
            ));
        }
        [way] => {
            if *way != "url" {
                args.place().url = None;
            }
            if *way != "target" {
                args.forget_names();
            }
        }
    }
    Ok(())
}

fn conflict(message: &str) -> Error {
    Error::raw(ErrorKind::ArgumentConflict, message)
}
