//! Options shared by commands that write: confirmation, locking, verification, output format.

use std::io::{self, IsTerminal};

use clap::Args;

use crate::cli::args::Format;
use crate::cli::args::locking::LockArgs;
use crate::cli::args::prove::ProveArgs;
use crate::cli::output::printer::Printer;
use crate::reconcile::Plan;
use crate::report::{ApplyReport, apply_text, plan_text};
use crate::run::{Exit, Failure};

/// Options of commands that write.
#[derive(Debug, Args)]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    pub lock: LockArgs,
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

impl WriteArgs {
    /// Chooses the form of failures and makes sure that somebody can be asked.
    pub(crate) fn prepare(&self, command: &str, printer: &Printer) -> Result<(), Failure> {
        printer.speak(self.format);
        if self.yes || io::stdin().is_terminal() {
            return Ok(());
        }
        let message = format!("{command} asks before it writes, and there is no terminal to ask on");
        Err(Failure::usage(message).hint(format!("give --yes to {command} without asking")))
    }

    /// Shows the plan to a person. A JSON report contains the plan itself.
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

    /// Prints the report and returns the exit. A report that cannot be printed does not undo the run.
    pub(crate) fn report(&self, report: &ApplyReport, printer: &Printer) -> Exit {
        match printer.result_as(self.format, report, || apply_text(report)) {
            Ok(()) => report.exit_code,
            Err(failure) => {
                let wrote = !report.plan.in_sync();
                printer.say_unprinted(&failure, &apply_text(report), wrote, report.exit_code)
            }
        }
    }
}
