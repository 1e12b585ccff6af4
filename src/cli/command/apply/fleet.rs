//! `apply` on several targets: plans all, shows all, asks once, applies side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cli::args::Format;
use crate::cli::args::select_target::{SelectedTarget, distinct};
use crate::cli::args::stock_args::refuse_unknown_stocks;
use crate::cli::args::write_args::WriteArgs;
use crate::cli::confirm;
use crate::cli::environment::columns;
use crate::cli::fleet::{TargetResult, named, report, say_failure, say_findings, side_by_side};
use crate::cli::input::planners::Planners;
use crate::cli::output::printer::Printer;
use crate::report::{ApplyReport, failure_text, heading_text, plan_text, section_text, summary_text};
use crate::run::{ApplyRequest, ApprovedRun, Exit, Failure, Interrupts};

/// An apply on several targets.
pub(crate) struct ApplyFleet<'a> {
    planners: Planners,
    args: &'a WriteArgs,
    printer: &'a Printer,
}

/// A target with its approved plan, or the reason why nothing will be applied there.
type Prepared = (String, Result<ApprovedRun, Failure>);

impl<'a> ApplyFleet<'a> {
    pub(crate) fn new(planners: Planners, args: &'a WriteArgs, printer: &'a Printer) -> Self {
        Self {
            planners,
            args,
            printer,
        }
    }

    /// Applies the approved plans. A failure on one target does not stop the others.
    pub(crate) async fn run(
        &self,
        shops: Vec<SelectedTarget>,
        interrupts: &Interrupts,
    ) -> Result<Exit, Failure> {
        distinct(&shops)?;
        let prepared = side_by_side(named(shops), self.printer, |shop, printer| async move {
            self.prepared(shop, &printer).await
        });
        let prepared = prepared.await;
        let plans = prepared.iter().map(|(_, ready)| match ready {
            Ok(ready) => Some(ready.plan()),
            Err(failure) => failure.plan.as_deref(),
        });
        let scopes = plans.map(|plan| plan?.scope.as_ref());
        refuse_unknown_stocks(scopes)?;
        self.show(&prepared)?;
        let shown = prepared
            .iter()
            .filter(|(_, ready)| ready.is_err() && self.shows());
        let shown: BTreeSet<String> = shown.map(|(target, _)| target.clone()).collect();
        let prepared = self.answered(prepared).await;
        let applied = side_by_side(prepared, self.printer, |ready, printer| async move {
            let report = confirm::written(ready?, &printer, interrupts).await?;
            Ok((report.exit_code, report))
        });
        Ok(self.report(applied.await, &shown))
    }

    async fn prepared(&self, shop: SelectedTarget, printer: &Printer) -> Result<ApprovedRun, Failure> {
        let planner = Arc::clone(self.planners.of(&shop.target.name)?);
        let request = ApplyRequest::new(planner, shop.open().await?);
        let mut run = confirm::open(request, self.args, "apply", printer).await?;
        let plan = confirm::plan(&mut run, printer).await?;
        confirm::approve(run, plan, printer)
    }

    /// True if a person reads the plans before the apply. A JSON report contains them.
    fn shows(&self) -> bool {
        !(self.args.format == Format::Json && self.args.yes)
    }

    /// Shows the plans, and the targets on which nothing will be applied.
    fn show(&self, prepared: &[Prepared]) -> Result<(), Failure> {
        if !self.shows() {
            return Ok(());
        }
        let mut text = String::new();
        for (target, ready) in prepared {
            if let Err(failure) = ready {
                say_findings(target, failure, self.printer);
            }
            text += &heading_text(target, &prepared_text(ready.as_ref()));
        }
        match self.args.format {
            Format::Text => self.printer.result(&text)?,
            Format::Json => self.printer.say(&text),
        }
        Ok(())
    }

    /// Asks once for all targets on which there is work.
    async fn answered(&self, prepared: Vec<Prepared>) -> Vec<Prepared> {
        let is_question = |ready: &Result<ApprovedRun, Failure>| {
            !self.args.yes && ready.as_ref().is_ok_and(ApprovedRun::has_work)
        };
        let asked = prepared.iter().filter(|(_, ready)| is_question(ready));
        let asked = asked.filter_map(|(_, ready)| ready.as_ref().ok().map(ApprovedRun::plan));
        let asked: Vec<_> = asked.collect();
        if asked.is_empty() || confirm::confirmed(asked, self.printer).await {
            return prepared;
        }
        let declined = prepared.into_iter().map(|(target, ready)| match ready {
            Ok(ready) if ready.has_work() => (target, Err(ready.declined())),
            other => (target, other),
        });
        declined.collect()
    }

    /// Prints the report; the text leaves out what was shown before. A report that cannot be printed does not undo the run.
    fn report(&self, results: Vec<TargetResult<ApplyReport>>, shown: &BTreeSet<String>) -> Exit {
        for (target, outcome) in &results {
            if let Err(failure) = outcome
                && !shown.contains(target)
            {
                match self.args.format {
                    Format::Text => say_findings(target, failure, self.printer),
                    Format::Json => say_failure(target, failure, self.printer),
                }
            }
        }
        let mut reports = results.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
        let wrote = reports.any(|(_, report)| !report.plan.in_sync());
        let report = report("apply", results);
        let sections = report.targets.iter().filter(|of| !shown.contains(&of.target));
        let text =
            sections.map(|of| section_text(of, columns())).collect::<String>() + &summary_text(&report);
        match self.printer.result_as(self.args.format, &report, || text.clone()) {
            Ok(()) => report.exit_code,
            Err(failure) => self
                .printer
                .say_unprinted(&failure, &text, wrote, report.exit_code),
        }
    }
}

fn prepared_text(ready: Result<&ApprovedRun, &Failure>) -> String {
    match ready {
        Ok(ready) => plan_text(ready.plan()),
        Err(failure) => {
            let plan = failure.plan.as_deref().map(|plan| plan_text(plan) + "\n");
            plan.unwrap_or_default() + &failure_text(&failure.into())
        }
    }
}
