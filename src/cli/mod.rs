//! The command line: parses the arguments, runs one command, gives the exit code.

mod args;
mod command;
mod completion;
mod confirm;
mod embedded_sandbox;
mod environment;
mod fleet;
mod input;
mod interrupt;
mod open_files;
mod output;
mod tip;
mod usage;

use std::any::Any;
use std::ffi::OsString;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use clap::FromArgMatches;
use tokio::runtime::{Builder, Runtime};

use crate::run::{Exit, Failure, Interrupts};
use args::precedence;
pub use command::command;
pub use command::schema::schemas;
use command::{Cli, Command};
pub use environment::{VARIABLES, Variable};
use interrupt::{Ended, Signals};
use output::printer::Printer;

/// Runs the command line to its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::report(&tip::with_tip(error, &arguments), &arguments),
    };
    let printer = Arc::new(Printer::new(&cli.output));
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(failure) => {
            if usage::wants_json(&arguments) {
                printer.speak_json();
            }
            return printer.fail(&failure);
        }
    };
    let ended = runtime.block_on(until_interrupted(cli.command, Arc::clone(&printer)));
    // A question that nobody answers any more must not hold the program up.
    runtime.shutdown_background();
    ended.unwrap_or_else(|failure| printer.fail(&failure))
}

/// The runtime: two threads with network, timers and signals.
fn runtime() -> Result<Runtime, Failure> {
    open_files::make_sure().map_err(|error| {
        Failure::error("too few files may be open at once")
            .caused_by(&error)
            .hint("allow more with `ulimit -n 256` or what sets the limit here, such as the container")
    })?;
    let build = || Builder::new_multi_thread().worker_threads(2).enable_all().build();
    // Without another thread to be had it panics.
    match catch_unwind(build) {
        Ok(built) => built.map_err(|error| Failure::error("no runtime could be started").caused_by(&error)),
        Err(panic) => Err(broken(panic.as_ref(), false)),
    }
}

/// The failure that a panic stands for. How far a started run got is unknown.
fn broken(panic: &(dyn Any + Send), begun: bool) -> Failure {
    let what = panic.downcast_ref::<String>().map(String::as_str);
    let what = what.or_else(|| panic.downcast_ref::<&str>().copied());
    let message = format!(
        "stocktake itself broke off: {}",
        what.unwrap_or("nobody knows why")
    );
    if begun {
        Failure::new(Exit::Partial, message)
            .hint("what was begun is in the journal; run the command again to settle it")
    } else {
        Failure::error(message)
    }
}

/// Runs a command on its own thread, so that signals are heard while it waits for a file or a program.
async fn until_interrupted(command: Command, printer: Arc<Printer>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::default();
    let signals = Signals::listen();
    let mut running = tokio::spawn({
        let interrupts = interrupts.clone();
        let printer = Arc::clone(&printer);
        async move { Box::pin(command.run(&printer, &interrupts)).await }
    });
    tokio::select! {
        biased;
        ended = &mut running => ended.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => Err(broken(panic.as_ref(), interrupts.holds())),
            Err(error) => Err(Failure::error("the command was cut off").caused_by(&error)),
        }),
        ended = signals.ended(&interrupts, &printer) => {
            // What it runs ends with it, unless it waits for a file that never comes.
            running.abort();
            match tokio::time::timeout(SHUTDOWN_GRACE, running).await {
                // The command has ended meanwhile and printed its document: a second one would be too many.
                Ok(Ok(ended)) => ended,
                _ => Err(interrupted(&ended)),
            }
        }
    }
}

/// Time that a command that is ended at once gets to release what it holds.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(200);

fn interrupted(ended: &Ended) -> Failure {
    if ended.second {
        return Failure::new(ended.signal.exit(), "interrupted twice and stopped at once")
            .hint("what was begun is in the journal; run the command again to settle it");
    }
    Failure::new(ended.signal.exit(), "interrupted; nothing was written")
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = environment::heeded(command());
    let matches = command.try_get_matches_from_mut(arguments)?;
    let mut cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    if let (Some(target), Some((name, matches))) = (cli.command.target(), matches.subcommand()) {
        let noted = precedence::note(&mut *target, matches);
        noted.map_err(|error| match command.find_subcommand_mut(name) {
            Some(command) => error.format(command),
            None => error,
        })?;
        // Of all options: an empty variable sets none, and its name is still known.
        target.place().typed.variables = environment::option_variables(&self::command());
    }
    Ok(cli)
}

#[cfg(test)]
mod tests {
    use super::{Exit, broken};

    #[test]
    fn a_panic_is_reported_and_does_not_deny_writes() {
        let failure = broken(&"no file".to_owned(), false);
        assert_eq!(failure.exit, Exit::Error);
        assert_eq!(failure.message, "stocktake itself broke off: no file");
        assert_eq!(broken(&"no file", true).exit, Exit::Partial);
        assert_eq!(
            broken(&1, true).message,
            "stocktake itself broke off: nobody knows why"
        );
    }
}
