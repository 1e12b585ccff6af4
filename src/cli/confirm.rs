//! Takes an apply run from the plan to the report: shows the plan, asks, applies, prints.

use std::io::{self, BufRead};
use std::sync::Arc;

use crate::cli::args::stock_args::refuse_unknown_stocks;
use crate::cli::args::write_args::WriteArgs;
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::reconcile::Plan;
use crate::report::{ApplyReport, question};
use crate::run::{ApplyRequest, ApplyRun, ApprovedRun, Exit, Failure, Interrupts};

/// Locks the target, with the options of the command line.
pub(crate) async fn open(
    request: ApplyRequest,
    args: &WriteArgs,
    command: &'static str,
    printer: &Printer,
) -> Result<ApplyRun, Failure> {
    let request = ApplyRequest {
        index_check: args.prove.index_check(&request.session)?,
        keep_going: args.keep_going,
        ..request
    };
    let progress = Arc::new(Progress::new(printer));
    ApplyRun::open(request, command, args.lock.timeout(), progress).await
}

/// Makes the plan and reports its warnings.
pub(crate) async fn plan(run: &mut ApplyRun, printer: &Printer) -> Result<Plan, Failure> {
    let planned = run.plan().await;
    let plan = match &planned {
        Ok(plan) => Some(plan),
        Err(failure) => failure.plan.as_deref().filter(|_| failure.is_replanned),
    };
    if let Some(plan) = plan {
        printer.target_warnings(run.planner(), plan);
    }
    planned.inspect_err(|failure| printer.stale(failure))
}

/// Lets the guards decide and reports warnings about the reindex.
pub(crate) fn approve(run: ApplyRun, plan: Plan, printer: &Printer) -> Result<ApprovedRun, Failure> {
    let approved = run.approve(plan)?;
    for warning in approved.warnings() {
        printer.warn(warning);
    }
    Ok(approved)
}

/// Plans, shows the plan, asks, applies and reports.
pub(crate) async fn apply(
    mut run: ApplyRun,
    args: &WriteArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    let plan = plan(&mut run, printer).await?;
    refuse_unknown_stocks([plan.scope.as_ref()])?;
    args.show(&plan, printer)?;
    let approved = approve(run, plan, printer)?;
    let approved = if args.yes || !approved.has_work() {
        approved.at_once()
    } else if confirmed([approved.plan()], printer).await {
        approved
    } else {
        return Err(approved.declined());
    };
    let report = written(approved, printer, interrupts).await?;
    Ok(args.report(&report, printer))
}

/// Applies an approved run.
pub(crate) async fn written(
    approved: ApprovedRun,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<ApplyReport, Failure> {
    let done = Box::pin(approved.apply(interrupts)).await;
    let done = done.inspect_err(|failure| printer.stale(failure))?;
    Ok(ApplyReport::from(&done))
}

/// Asks a person whether to apply those plans. Anything but `yes` is a no.
pub(crate) async fn confirmed<'a>(plans: impl IntoIterator<Item = &'a Plan>, printer: &Printer) -> bool {
    printer.say(&question(plans));
    // On its own thread: a signal must be heard while the question is open.
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let Ok(Ok(answer)) = answer.await else {
        return false;
    };
    match answer.trim() {
        "yes" => true,
        answer if ["y", "yes", "ok"].contains(&&*answer.to_lowercase()) => {
            printer.say("Only the word \"yes\", in lower case, confirms.");
            false
        }
        _ => false,
    }
}
