//! `plan`: what would change.

use clap::Args;

use super::args::{FileArgs, GuardArgs, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Wanted, load_wanted};
use super::outputs::FormatArgs;
use super::printer::Printer;
use super::session::Session;
use crate::model::LiveState;
use crate::reconcile::{Allowances, Plan, PlanError, PlanInputs, build};

/// Show what would change: desired against live. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake plan --sandbox
  stocktake plan --target production --detailed-exitcode
  stocktake plan --format text,markdown=plan.md,sarif=plan.sarif
  stocktake plan --url https://shop.example.com --format json > plan.json")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Exit with 2 when there are changes, with 3 when a guard refuses them.
    #[arg(long)]
    detailed_exitcode: bool,
}

pub(crate) async fn run(args: &PlanArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let planner = Planner::new(&args.files, &args.guards, printer)?;
    let session = Session::open(&args.target).await?;
    let live = session.reader.fetch().await?;
    let plan = planner.plan(&session, &live)?;
    outputs.write(&plan, printer)?;
    Ok(match args.detailed_exitcode {
        true if plan.is_refused() => Exit::Refused,
        true if !plan.in_sync() => Exit::Changes,
        _ => Exit::Done,
    })
}

/// Makes plans from the files and allowances of one command.
pub(crate) struct Planner {
    pub(crate) wanted: Wanted,
    pub(crate) allow: Allowances,
}

impl Planner {
    pub(crate) fn new(files: &FileArgs, guards: &GuardArgs, printer: &Printer) -> Result<Self, Failure> {
        let allow = Allowances::parse(guards.allow.iter().map(String::as_str))
            .map_err(|error| Failure::usage(format!("--allow: {error}")))?;
        let wanted = load_wanted(&files.files, printer)?;
        if let Some(stock) = allow
            .stocks()
            .find(|stock| !wanted.spec.stocks.iter().any(|w| w.name == **stock))
        {
            return Err(Failure::usage(format!(
                "--allow names `{stock}`, which is no stock of the files"
            )));
        }
        Ok(Self { wanted, allow })
    }

    pub(crate) fn plan(&self, session: &Session, live: &LiveState) -> Result<Plan, Failure> {
        self.build(session, live)
            .map_err(|error| Failure::unplannable(error, &self.wanted.files))
    }

    pub(crate) fn build(&self, session: &Session, live: &LiveState) -> Result<Plan, PlanError> {
        let created_at = jiff::Timestamp::now().to_string();
        let inputs = PlanInputs {
            spec: &self.wanted.spec,
            files: &self.wanted.files,
            warnings: &self.wanted.warnings,
            target: &session.label,
            limits: session.limits,
            allow: &self.allow,
            created_at: &created_at,
        };
        build(inputs, live)
    }
}
