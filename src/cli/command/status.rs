//! `status`: shows the live shop.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Format;
use crate::cli::args::comparison::ComparisonArgs;
use crate::cli::fleet::Reporter;
use crate::cli::input::planners::Planners;
use crate::cli::output::printer::Printer;
use crate::model::{DEFAULT_STOCK, LiveState};
use crate::reconcile::{Plan, StockScope};
use crate::report::{IndexReport, StatusReport};
use crate::run::{Comparison, Exit, Failure, Scope, Session};

/// Show the shop's stocks, sales channels and ranked sources, in sync or not, reindex owed or not. Writes nothing.
///
/// Without an inventory.yaml it shows the shop as it is, compared with nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake status --sandbox
  stocktake status --target production --prove index   the index too, against links and source items
  stocktake status --target production --stock 'Europe Stock'
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
    let planners = planners(&args.comparison, printer)?;
    let planners = planners.as_ref();
    reporter
        .of_each(&args.comparison.target, |session, printer| async move {
            let planner = planners.map(|planners| planners.of(&session.rules.label.name));
            let planner = planner.transpose()?;
            let (report, live, index_check) = if let Some(planner) = planner {
                let compared = args.comparison.compare(planner, &session, &printer);
                let (compared, index_check) = compared.await?;
                let Comparison {
                    live,
                    plan,
                    reindex_owed,
                } = compared;
                let report = report(&session, &live, Some(&plan), reindex_owed);
                (report, live, index_check)
            } else {
                let index_check = args.comparison.index_check(&session, &printer)?;
                let live = session.read_stocks(&args.comparison.stocks.scope()).await?;
                let owed = session.reindex_owed()?;
                (report(&session, &live, None, owed), live, index_check)
            };
            let scope = args.comparison.stocks.scope();
            let report = report.only(scope.described(planner.map(|planner| &planner.spec), &live));
            let index = index_check.run(&session, index_scope(&scope, &live)).await;
            let index = index.as_ref().map(IndexReport::from);
            let owed_since = session.owed_since()?;
            let report = StatusReport {
                owed_since,
                index,
                ..report
            };
            Ok((Exit::Done, report))
        })
        .await
}

/// The planners for the files; `None` if none is named and there is no inventory.yaml.
fn planners(args: &ComparisonArgs, printer: &Printer) -> Result<Option<Planners>, Failure> {
    let is_absent = |file: &PathBuf| {
        let found = file.symlink_metadata();
        found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    let is_named = args.target.place.typed.gives("files");
    if !is_named && args.files.files.iter().all(is_absent) {
        let targets = args.target.with_files()?;
        if targets.iter().all(|target| target.inventory.is_empty()) {
            return Ok(None);
        }
    }
    args.planners(printer).map(Some)
}

fn report(session: &Session, live: &LiveState, plan: Option<&Plan>, reindex_owed: bool) -> StatusReport {
    let label = session.rules.label.clone();
    StatusReport::new(label, live, plan, reindex_owed, session.reindexer.by())
}

/// The stocks whose index is shown: all custom ones, or those that were named.
fn index_scope(scope: &StockScope, live: &LiveState) -> Scope {
    if scope.is_whole() {
        return Scope::Custom;
    }
    let named = live
        .stocks
        .iter()
        .filter(|stock| stock.id != DEFAULT_STOCK && scope.covers(&stock.name));
    Scope::These(named.map(|stock| (stock.id, stock.name.clone())).collect())
}
