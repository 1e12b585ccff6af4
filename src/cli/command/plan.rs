//! `plan`: shows what would change.

use std::path::PathBuf;

use clap::Args;
use jiff::SignedDuration;
use spanned_yaml::diag::visible;

use crate::cli::args::select_target::{SelectedTarget, Selection};
use crate::cli::args::stock_args::{StockArgs, refuse_unknown_stocks};
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::fleet::on_each;
use crate::cli::input::plan_file;
use crate::cli::input::planners::Planners;
use crate::cli::output::fleet_forms::FleetResult;
use crate::cli::output::forms::FormatArgs;
use crate::cli::output::printer::Printer;
use crate::reconcile::Plan;
use crate::report::whole_second;
use crate::run::{Exit, Failure, Planner, Session, plan_exit};

/// Show what would change: desired against live. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake plan --sandbox
  stocktake plan --target production --detailed-exitcode
  stocktake plan --target production --out plan.json && stocktake apply --target production plan.json
  stocktake plan --all-targets --format text,markdown=plan.md
  stocktake plan --sandbox --stock 'Europe Stock'
  stocktake plan --format text,markdown=plan.md,html=plan.html
  stocktake plan --url https://shop.example.com --format json")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    stocks: StockArgs,
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Also save the plan, for `apply PLAN` and `show`. The document is that of `--format json`.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Validity of the plan, such as `90m`, `24h` or `7d`.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = validity)]
    expires: SignedDuration,
    /// Exit with 2 if there are changes, and with 1 if not everything could be read reliably; by default both are 0. A plan
    /// that a guard refuses or withholds deletes from exits with 3 either way.
    #[arg(long)]
    detailed_exitcode: bool,
}

pub(crate) async fn run(args: &PlanArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let begun = begun(args, printer).await;
    let (planners, chosen) = begun.inspect_err(|failure| outputs.failed(failure, printer))?;
    match chosen {
        Selection::One(found) => {
            let plan = made(&planners, *found, printer).await;
            let plan = plan.inspect_err(|failure| outputs.failed(failure, printer))?;
            let saved = args.out.as_ref();
            let saved = saved.map_or(Ok(()), |path| plan_file::save(path, &plan));
            // One that fails keeps no other from being written.
            let written = outputs.write_files(&plan);
            saved.and(written)?;
            if let Some(path) = &args.out {
                let path = path.display();
                printer.note(&format!(
                    "saved to {path}, valid until {}",
                    whole_second(&plan.expires_at)
                ));
            }
            outputs.print(&plan, printer)?;
            Ok(args.exit(&plan, printer))
        }
        Selection::Several(found) => {
            let planners = &planners;
            let results = on_each(found, printer, |session, printer| async move {
                let planner = planners.of(&session.rules.label.name)?;
                let plan = read(planner, &session, &printer).await?;
                Ok((args.exit(&plan, &printer), plan))
            });
            let results = results.await;
            let scopes = results
                .iter()
                .map(|(_, outcome)| outcome.as_ref().ok()?.1.scope.as_ref());
            refuse_unknown_stocks(scopes).inspect_err(|failure| outputs.failed(failure, printer))?;
            let report = FleetResult::new("plan", results);
            outputs.write(&report, printer)?;
            Ok(report.exit())
        }
    }
}

impl PlanArgs {
    /// The exit of a plan. Warns of an incomplete read, whatever the format.
    fn exit(&self, plan: &Plan, printer: &Printer) -> Exit {
        for reason in &plan.doubts {
            printer.warn(&format!("the read may be incomplete: {}", visible(reason)));
        }
        plan_exit(plan, self.detailed_exitcode)
    }
}

async fn begun(args: &PlanArgs, printer: &Printer) -> Result<(Planners, Selection), Failure> {
    let planners = Planners::read(&args.files, &args.guards, &args.target, printer, |planner| {
        Planner {
            valid_for: args.expires,
            ..planner.comparing(args.stocks.scope())
        }
    })?;
    let chosen = args.target.find(printer).await?;
    if args.out.is_some() && matches!(chosen, Selection::Several(_)) {
        return Err(Failure::usage("--out: a saved plan is for one target")
            .hint("name one target, and save a plan for each; `--format json=PATH` reports on several"));
    }
    Ok((planners, chosen))
}

async fn made(planners: &Planners, found: SelectedTarget, printer: &Printer) -> Result<Plan, Failure> {
    let planner = planners.of(&found.target.name)?;
    let plan = read(planner, &found.open().await?, printer).await?;
    refuse_unknown_stocks([plan.scope.as_ref()])?;
    Ok(plan)
}

async fn read(planner: &Planner, session: &Session, printer: &Printer) -> Result<Plan, Failure> {
    let live = session.read(planner).await?;
    let plan = session.plan(planner, &live)?;
    printer.target_warnings(planner, &plan);
    Ok(plan)
}

/// Longest validity of a plan.
const LONGEST_VALIDITY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Parses `--expires`.
fn validity(text: &str) -> Result<SignedDuration, String> {
    let span: jiff::Span = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours());
    let duration = duration.map_err(|error| error.to_string())?;
    if (SignedDuration::from_secs(1)..=LONGEST_VALIDITY).contains(&duration) {
        Ok(duration)
    } else {
        Err("a plan is valid for 1s to 90d".to_owned())
    }
}
