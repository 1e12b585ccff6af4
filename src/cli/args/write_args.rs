//! How a plan is carried out, shown and reported: what every command that changes links has for options.

use std::io::{self, IsTerminal};

use clap::Args;

use crate::cli::args::Format;
use crate::cli::args::locking::{LockArgs, open_journal};
use crate::cli::args::prove::ProveArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::cli::session::Session;
use crate::reconcile::Plan;
use crate::report::{ApplyReport, apply_text, plan_text};
use crate::run::Journal;

/// How a wish is carried out, whatever it comes from.
#[derive(Debug, Args)]
pub(crate) struct Manner {
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    pub prove: ProveArgs,
    /// Apply without asking.
    #[arg(short, long)]
    pub yes: bool,
    /// Write the rest when the shop refuses a link. Nothing is deleted from a stock with a refused link.
    #[arg(long)]
    pub keep_going: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Manner {
    /// Has failures told in the form of the report, and makes sure that somebody can be asked.
    pub(crate) fn prepare(&self, command: &str, printer: &Printer) -> Result<(), Failure> {
        if self.format == Format::Json {
            printer.speak_json();
        }
        if self.yes || io::stdin().is_terminal() {
            return Ok(());
        }
        let message = format!("{command} asks before it writes, and there is no terminal to ask on");
        Err(Failure::usage(message).hint(format!("give --yes to {command} without asking")))
    }

    /// Opens the journal of a target, before anything is read: what another run does meanwhile would make the plan stale.
    pub(crate) async fn journal(
        &self,
        session: &Session,
        command: &'static str,
        progress: &Progress,
    ) -> Result<Journal, Failure> {
        open_journal(session, &self.lock, command, progress).await
    }

    /// Shows the plan where a person reads it; a JSON report carries the plan itself.
    pub(crate) fn show(&self, plan: &Plan, printer: &Printer) -> Result<(), Failure> {
        match self.format {
            Format::Text => printer.result(&(plan_text(plan) + "\n")),
            Format::Json if self.yes => Ok(()),
            Format::Json => {
                printer.say(&plan_text(plan));
                Ok(())
            }
        }
    }

    /// Prints the report, and gives the exit code. What was done is done, whether that can be printed or not.
    pub(crate) fn report(&self, report: &ApplyReport, exit: Exit, printer: &Printer) -> Exit {
        let printed = match self.format {
            Format::Text => printer.result(&apply_text(report)),
            Format::Json => printer.document(report),
        };
        match printed {
            Ok(()) => exit,
            Err(failure) => {
                let wrote = !report.plan.in_sync();
                printer.say_unprinted(&failure, &apply_text(report), wrote, exit)
            }
        }
    }
}
