//! Which target is meant when several are named: the command line beats the environment, and names one alone.

use clap::ArgMatches;
use clap::error::{Error, ErrorKind};
use clap::parser::ValueSource;

use super::args::{TargetArgs, TargetsArgs};

/// Arguments that name targets, by an address or by names.
pub(crate) trait Naming {
    /// The address that is given.
    fn url(&mut self) -> &mut Option<String>;
    /// Whether any name is given.
    fn is_named(&self) -> bool;
    /// Takes the names out of effect.
    fn forget_names(&mut self);
}

impl Naming for TargetArgs {
    fn url(&mut self) -> &mut Option<String> {
        &mut self.place.url
    }

    fn is_named(&self) -> bool {
        self.target.is_some()
    }

    fn forget_names(&mut self) {
        self.target = None;
    }
}

impl Naming for TargetsArgs {
    fn url(&mut self) -> &mut Option<String> {
        &mut self.place.url
    }

    fn is_named(&self) -> bool {
        !self.names.is_empty()
    }

    fn forget_names(&mut self) {
        self.names.clear();
    }
}

/// The arguments that say which target is meant, one of which may be given.
const WAYS: [&str; 4] = ["sandbox", "url", "all_targets", "target"];

/// Puts what the environment says of the target out of effect where the command line says something else.
pub(crate) fn settle(args: &mut dyn Naming, matches: &ArgMatches) -> Result<(), Error> {
    let given = |id: &str| {
        // Not every command has every way.
        matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let named: Vec<&str> = WAYS.into_iter().filter(|id| given(id)).collect();
    match named.as_slice() {
        [] if args.url().is_some() && args.is_named() => Err(conflict(
            "the environment sets both STOCKTAKE_URL and STOCKTAKE_TARGET: name one of them",
        )),
        [] => Ok(()),
        [first, second, ..] => Err(conflict(&format!(
            "the argument '--{}' cannot be used with '--{}'",
            first.replace('_', "-"),
            second.replace('_', "-")
        ))),
        ["sandbox"] if given("token_file") => Err(conflict(
            "the argument '--sandbox' cannot be used with '--token-file'",
        )),
        ["target"] => {
            *args.url() = None;
            Ok(())
        }
        ["all_targets"] => {
            *args.url() = None;
            args.forget_names();
            Ok(())
        }
        _ => {
            args.forget_names();
            Ok(())
        }
    }
}

fn conflict(message: &str) -> Error {
    Error::raw(ErrorKind::ArgumentConflict, message)
}
