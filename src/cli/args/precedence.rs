//! What the command line says of the target, as opposed to the environment: it decides alone, and names one target alone.

use clap::ArgMatches;
use clap::error::{Error, ErrorKind};
use clap::parser::ValueSource;

use crate::cli::args::{PlaceArgs, TargetArgs, TargetsArgs, WAYS};

/// Arguments that name targets, by an address or by names.
pub(crate) trait Naming {
    /// What else is said of the target.
    fn place(&mut self) -> &mut PlaceArgs;
    /// Takes the names out of effect.
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

/// Puts what the environment says of the target out of effect where the command line says which one is meant, and notes
/// what the command line says: where it is silent, what the environment says is judged when the target is looked for.
pub(crate) fn note(args: &mut dyn Naming, matches: &ArgMatches) -> Result<(), Error> {
    let given = |id: &str| {
        // Not every command has every way.
        matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let named: Vec<&str> = WAYS.into_iter().filter(|id| given(id)).collect();
    let told = WAYS.into_iter().chain(["targets", "token_file", "state_dir"]);
    args.place().typed.ids = told.filter(|id| given(id)).collect();
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
