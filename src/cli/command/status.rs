//! `status`: what the shop looks like now.

use clap::Args;

use crate::cli::args::Format;
use crate::cli::args::comparison::LookArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fleet::Telling;
use crate::cli::output::printer::Printer;
use crate::report::StatusReport;
use crate::run::Scope;

/// Show the shop's stocks, sales channels and ranked sources, in sync or not, reindex owed or not. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake status --sandbox
  stocktake status --target production --prove index   the index too, against links and source items
  stocktake status --target production --format json")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// The form of the status.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &StatusArgs, printer: &Printer) -> Result<Exit, Failure> {
    let telling = Telling::new("status", args.format, printer);
    let planner = &args.look.planner(printer)?;
    telling
        .of_each(&args.look.target, |session, printer| async move {
            let looked = args.look.look(planner, &session, &printer).await?;
            let label = session.label.clone();
            let report = StatusReport {
                index: looked.proving.look(&session, Scope::Custom).await,
                ..StatusReport::new(label, &looked.live, Some(&looked.plan), looked.reindex_owed)
            };
            Ok((Exit::Done, report))
        })
        .await
}
