//! Which target is meant when several are named: the command line beats the environment, and names one alone.

use clap::ArgMatches;
use clap::error::{Error, ErrorKind};
use clap::parser::ValueSource;

use super::args::TargetArgs;

/// Puts what the environment says of the target out of effect where the command line says something else.
pub(crate) fn settle(args: &mut TargetArgs, matches: &ArgMatches) -> Result<(), Error> {
    let given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let named: Vec<&str> = ["sandbox", "url", "target"]
        .into_iter()
        .filter(|id| given(id))
        .collect();
    match named.as_slice() {
        [] if args.url.is_some() && args.target.is_some() => Err(conflict(
            "the environment sets both STOCKTAKE_URL and STOCKTAKE_TARGET: name one of them",
        )),
        [] => Ok(()),
        [first, second, ..] => Err(conflict(&format!(
            "the argument '--{first}' cannot be used with '--{second}'"
        ))),
        ["sandbox"] if given("token_file") => Err(conflict(
            "the argument '--sandbox' cannot be used with '--token-file'",
        )),
        ["target"] => {
            args.url = None;
            Ok(())
        }
        _ => {
            args.target = None;
            Ok(())
        }
    }
}

fn conflict(message: &str) -> Error {
    Error::raw(ErrorKind::ArgumentConflict, message)
}
