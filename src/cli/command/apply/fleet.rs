//! `apply` on several targets: plans all, shows all, asks once, applies side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use spanned_yaml::diag::shown;

use crate::cli::apply_run::{Ready, Run, Wish, confirmed};
use crate::cli::args::Format;
use crate::cli::args::select_target::distinct;
use crate::cli::args::write_args::Manner;
use crate::cli::command::plan::Planner;
use crate::cli::environment::columns;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fleet::{
    TargetResult, named, report, results, say_failure, say_findings, side_by_side, worst,
};
use crate::cli::interrupt::Interrupts;
use crate::cli::output::printer::Printer;
use crate::cli::session::Found;
use crate::report::{ApplyReport, failure_text, heading_text, plan_text, section_text, summary_text};

/// An apply on several targets.
pub(crate) struct ApplySeveral<'a> {
    planner: Arc<Planner>,
    manner: &'a Manner,
    printer: &'a Printer,
}

/// A target with its plan, or why nothing will be applied there.
type Prepared<'a> = (String, Result<Ready<'a>, Failure>);

impl<'a> ApplySeveral<'a> {
    pub(crate) fn new(planner: Arc<Planner>, manner: &'a Manner, printer: &'a Printer) -> Self {
        Self {
            planner,
            manner,
            printer,
        }
    }

    /// Carries out what may be carried out; what stops one target stops no other.
    pub(crate) async fn run(&self, shops: Vec<Found>, interrupts: &Interrupts) -> Result<Exit, Failure> {
        distinct(&shops)?;
        let prepared = side_by_side(named(shops), self.printer, |shop, printer| async move {
            self.prepared(shop, &printer).await
        });
        let prepared = prepared.await;
        self.show(&prepared)?;
        let shown: BTreeSet<String> = prepared
            .iter()
            .filter(|(_, ready)| ready.is_err() && self.shows())
            .map(|(target, _)| target.clone())
            .collect();
        let prepared = self.answered(prepared).await;
        let applied = side_by_side(prepared, self.printer, |ready, printer| async move {
            Box::pin(ready?.apply(&printer, interrupts)).await
        });
        Ok(self.report(results(applied.await), &shown))
    }

    async fn prepared(&self, shop: Found, printer: &Printer) -> Result<Ready<'a>, Failure> {
        let wish = Wish::of(Arc::clone(&self.planner), shop.open().await?);
        let mut run = Run::open(wish, self.manner, "apply", printer).await?;
        let plan = run.plan(printer).await?;
        run.approve(plan, printer)
    }

    /// Whether a person reads the plans before they are carried out; a JSON report carries them.
    fn shows(&self) -> bool {
        !(self.manner.format == Format::Json && self.manner.yes)
    }

    /// Shows what is planned, and where nothing will be applied.
    fn show(&self, prepared: &[Prepared<'_>]) -> Result<(), Failure> {
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
        match self.manner.format {
            Format::Text => self.printer.result(&text)?,
            Format::Json => self.printer.say(&text),
        }
        Ok(())
    }

    /// Asks once for all targets on which there is something to decline.
    async fn answered(&self, prepared: Vec<Prepared<'a>>) -> Vec<Prepared<'a>> {
        let is_question = |ready: &Result<Ready<'_>, Failure>| ready.as_ref().is_ok_and(Ready::is_question);
        let asked: Vec<String> = prepared
            .iter()
            .filter(|(_, ready)| is_question(ready))
            .map(|(target, _)| shown(target))
            .collect();
        if asked.is_empty() {
            return prepared;
        }
        let question = format!("Apply this to {}?", asked.join(", "));
        if confirmed(&question, self.printer).await {
            return prepared;
        }
        let declined = prepared.into_iter().map(|(target, ready)| match ready {
            Ok(ready) if ready.is_question() => (target, Err(ready.declined())),
            other => (target, other),
        });
        declined.collect()
    }

    /// Prints the report, as text without what was shown before. What was done is done, whether that can be printed or
    /// not.
    fn report(&self, results: Vec<TargetResult<ApplyReport>>, shown: &BTreeSet<String>) -> Exit {
        let exit = worst(&results);
        for TargetResult { target, outcome } in &results {
            if let Err(failure) = outcome
                && !shown.contains(target)
            {
                match self.manner.format {
                    Format::Text => say_findings(target, failure, self.printer),
                    Format::Json => say_failure(target, failure, self.printer),
                }
            }
        }
        let wrote = results
            .iter()
            .filter_map(|of| of.outcome.as_ref().ok())
            .any(|(_, report)| !report.plan.in_sync());
        let report = report("apply", results);
        let sections = report.targets.iter().filter(|of| !shown.contains(&of.target));
        let text =
            sections.map(|of| section_text(of, columns())).collect::<String>() + &summary_text(&report);
        let printed = match self.manner.format {
            Format::Text => self.printer.result(&text),
            Format::Json => self.printer.document(&report),
        };
        match printed {
            Ok(()) => exit,
            Err(failure) => self.printer.say_unprinted(&failure, &text, wrote, exit),
        }
    }
}

fn prepared_text(ready: Result<&Ready<'_>, &Failure>) -> String {
    match ready {
        Ok(ready) => plan_text(ready.plan()),
        Err(failure) => {
            let plan = failure.plan.as_deref().map(|plan| plan_text(plan) + "\n");
            plan.unwrap_or_default() + &failure_text(&failure.into())
        }
    }
}
