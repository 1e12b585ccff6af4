//! `status`: shows the live shop.

use clap::Args;

use crate::cli::args::Format;
use crate::cli::args::comparison::ComparisonArgs;
use crate::cli::fleet::Reporter;
use crate::cli::output::printer::Printer;
use crate::report::{IndexReport, StatusReport};
use crate::run::{Exit, Failure, Scope};

/// Show the shop's stocks, sales channels and ranked sources, in sync or not, reindex owed or not. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake status --sandbox
  stocktake status --target production --prove index   the index too, against links and source items
  stocktake status --target production --format json")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) comparison: ComparisonArgs,
    /// The form of the status.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &StatusArgs, printer: &Printer) -> Result<Exit, Failure> {
    let reporter = Reporter::new("status", args.format, printer);
    let planner = &args.comparison.planner(printer)?;
    reporter
        .of_each(&args.comparison.target, |session, printer| async move {
            let compared = args.comparison.compare(planner, &session, &printer);
            let (compared, index_check) = compared.await?;
            let label = session.rules.label.clone();
            let index = index_check.run(&session, Scope::Custom).await;
            let report = StatusReport {
                index: index.as_ref().map(IndexReport::from),
                ..StatusReport::new(
                    label,
                    &compared.live,
                    Some(&compared.plan),
                    compared.reindex_owed,
                    session.reindexer.by(),
                )
            };
            Ok((Exit::Done, report))
        })
        .await
}
