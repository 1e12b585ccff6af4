//! `plan`: what would change.

use std::path::PathBuf;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use spanned_yaml::diag::{closest, did_you_mean, shown, visible};

use crate::cli::args::select_target::Chosen;
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fleet::{on_each, worst};
use crate::cli::input::files::{Wanted, read_files};
use crate::cli::input::plan_file;
use crate::cli::output::fleet_forms::FleetResult;
use crate::cli::output::forms::FormatArgs;
use crate::cli::output::printer::Printer;
use crate::cli::session::{Found, Session};
use crate::model::LiveState;
use crate::reconcile::{GuardOverrides, Plan, PlanError, PlanInputs, build};

/// Show what would change: desired against live. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake plan --sandbox
  stocktake plan --target production --detailed-exitcode
  stocktake plan --target production --out plan.json && stocktake apply --target production plan.json
  stocktake plan --all-targets --format text,markdown=plan.md
  stocktake plan --format text,markdown=plan.md,html=plan.html
  stocktake plan --url https://shop.example.com --format json")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Save the plan too, for `apply PLAN` and `show`: the same document as `--format json`.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// How long the plan may be applied as it is, such as `90m`, `24h` or `7d`.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = validity)]
    expires: SignedDuration,
    /// Exit with 2 when there are changes, with 1 when not everything could be read for sure; without this both are 0. What
    /// a guard refuses or withholds is 3 either way.
    #[arg(long)]
    detailed_exitcode: bool,
}

pub(crate) async fn run(args: &PlanArgs, printer: &Printer) -> Result<Exit, Failure> {
    let outputs = args.format.outputs(printer)?;
    let begun = begun(args, printer).await;
    let (planner, chosen) = begun.inspect_err(|failure| outputs.failed(failure, printer))?;
    match chosen {
        Chosen::One(found) => {
            let plan = made(&planner, *found, printer).await;
            let plan = plan.inspect_err(|failure| outputs.failed(failure, printer))?;
            let saved = args
                .out
                .as_ref()
                .map_or(Ok(()), |path| plan_file::save(path, &plan));
            // One that fails keeps no other from being written.
            let written = outputs.write_files(&plan);
            saved.and(written)?;
            if let Some(path) = &args.out {
                let path = path.display();
                printer.note(&format!("saved to {path}, valid until {}", plan.expires_at));
            }
            outputs.print(&plan, printer)?;
            Ok(args.exit(&plan, printer))
        }
        Chosen::Several(found) => {
            let planner = &planner;
            let results = on_each(found, printer, |session, printer| async move {
                let live = session.read().await?;
                let plan = planner.plan(&session, &live, &printer)?;
                Ok((args.exit(&plan, &printer), plan))
            });
            let results = results.await;
            let exit = worst(&results);
            let result = FleetResult::new("plan", results);
            outputs.write_files(&result)?;
            outputs.print(&result, printer)?;
            Ok(exit)
        }
    }
}

impl PlanArgs {
    /// What the plan comes to; that not everything was read for sure is told, whatever the form of the plan.
    fn exit(&self, plan: &Plan, printer: &Printer) -> Exit {
        for doubt in &plan.doubts {
            printer.warn(&format!("doubtful read: {}", visible(doubt)));
        }
        match self.detailed_exitcode {
            _ if plan.meets_a_guard() => Exit::Refused,
            true if !plan.doubts.is_empty() => Exit::Error,
            true if !plan.in_sync() => Exit::Changes,
            _ => Exit::Done,
        }
    }
}

async fn begun(args: &PlanArgs, printer: &Printer) -> Result<(Planner, Chosen), Failure> {
    let mut planner = Planner::new(&args.files, &args.guards, printer)?;
    planner.valid_for = args.expires;
    let chosen = args.target.find(printer).await?;
    if args.out.is_some() && matches!(chosen, Chosen::Several(_)) {
        return Err(Failure::usage("--out: a saved plan is for one target")
            .hint("name one target, and save a plan for each; `--format json=PATH` reports on several"));
    }
    Ok((planner, chosen))
}

async fn made(planner: &Planner, found: Found, printer: &Printer) -> Result<Plan, Failure> {
    let session = found.open().await?;
    let live = session.read().await?;
    planner.plan(&session, &live, printer)
}

/// Makes plans from the files and allowances of one command.
pub(crate) struct Planner {
    pub(crate) wanted: Wanted,
    pub(crate) allow: GuardOverrides,
    pub(crate) valid_for: SignedDuration,
}

/// How long a plan may be applied as it is when nothing is said.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The longest validity: a plan of last season describes nothing any more.
const LONGEST_VALIDITY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Reads how long a plan shall be valid.
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

impl Planner {
    pub(crate) fn new(files: &FileArgs, guards: &GuardArgs, printer: &Printer) -> Result<Self, Failure> {
        let allow = GuardOverrides::parse(guards.allow.iter().map(String::as_str))
            .map_err(|error| Failure::usage(format!("--allow: {error}")))?;
        let wanted = Wanted::load(read_files(&files.files, printer)?, printer)?;
        Self::of(wanted, allow)
    }

    /// A planner for files that have been read.
    pub(crate) fn of(wanted: Wanted, allow: GuardOverrides) -> Result<Self, Failure> {
        if let Some(stock) = allow
            .stocks()
            .find(|stock| !wanted.spec.stocks.iter().any(|w| w.name == **stock))
        {
            let failure = Failure::usage(format!(
                "--allow names `{}`, which is no stock of the files",
                shown(stock.as_str())
            ));
            let names = wanted.spec.stocks.iter().map(|stock| stock.name.as_str());
            return Err(match closest(stock.as_str(), names) {
                Some(likely) => failure.hint(did_you_mean(stock.as_str(), likely)),
                None => failure,
            });
        }
        Ok(Self {
            wanted,
            allow,
            valid_for: VALID_FOR,
        })
    }

    /// Makes the plan, and tells what this target makes one wonder about; of the files that has been told.
    pub(crate) fn plan(
        &self,
        session: &Session,
        live: &LiveState,
        printer: &Printer,
    ) -> Result<Plan, Failure> {
        let plan = self.build(session, live);
        let plan = plan.map_err(|error| Failure::unplannable(error, &self.wanted.files))?;
        for warning in plan.warnings.iter().skip(self.wanted.warnings.len()) {
            printer.plan_warning(warning);
        }
        Ok(plan)
    }

    pub(crate) fn build(&self, session: &Session, live: &LiveState) -> Result<Plan, PlanError> {
        let now = Timestamp::now();
        let (created_at, expires_at) = (now.to_string(), (now + self.valid_for).to_string());
        let inputs = PlanInputs {
            spec: &self.wanted.spec,
            files: &self.wanted.files,
            warnings: &self.wanted.warnings,
            target: &session.label,
            limits: session.limits,
            allow: &self.allow,
            protect: &session.protect,
            created_at: &created_at,
            expires_at: &expires_at,
        };
        build(inputs, live)
    }
}
