//! Runs a command on several targets side by side, with one report for all.

use futures_util::stream::{self, StreamExt as _};
use tracing::Instrument as _;

use crate::cli::args::select_target::{SelectedTarget, Selection};
use crate::cli::args::stock_args::refuse_unknown_stocks;
use crate::cli::args::{Format, TargetsArgs};
use crate::cli::environment::columns;
use crate::cli::output::printer::Printer;
use crate::report::{
    CommandReport, SEVERAL_FORMAT, SeveralReport, TargetOutcome, TargetReport, several_text,
};
use crate::run::{Exit, Failure, Session};

/// Number of targets at once. Each sends several requests at once itself.
const AT_ONCE: usize = 8;

/// The result of a command on a target: the exit with the report, or the failure.
pub(crate) type Outcome<R> = Result<(Exit, R), Failure>;

/// The name of one of several targets, with the result there.
pub(crate) type TargetResult<R> = (String, Outcome<R>);

/// Runs the same function on each item, some at once. Results keep the order of the items. Messages carry the name of the
/// item's target.
pub(crate) async fn side_by_side<T, R, F>(
    items: Vec<(String, T)>,
    printer: &Printer,
    act: impl Fn(T, Printer) -> F,
) -> Vec<(String, R)>
where
    F: Future<Output = R>,
{
    let acts = items.into_iter().map(|(target, item)| {
        let span = tracing::error_span!("of", target);
        let acting = act(item, printer.about(&target)).instrument(span);
        async move { (target, acting.await) }
    });
    stream::iter(acts).buffered(AT_ONCE).collect().await
}

/// Runs a command on each of several targets.
pub(crate) async fn on_each<R, F>(
    shops: Vec<SelectedTarget>,
    printer: &Printer,
    act: impl Fn(Session, Printer) -> F,
) -> Vec<TargetResult<R>>
where
    F: Future<Output = Outcome<R>>,
{
    let act = &act;
    side_by_side(named(shops), printer, |shop, printer| async move {
        act(shop.open().await?, printer).await
    })
    .await
}

/// The targets by their names.
pub(crate) fn named(shops: Vec<SelectedTarget>) -> Vec<(String, SelectedTarget)> {
    let shops = shops.into_iter();
    shops.map(|shop| (shop.target.name.clone(), shop)).collect()
}

/// The report for all targets.
pub(crate) fn report<R: Into<CommandReport>>(command: &str, results: Vec<TargetResult<R>>) -> SeveralReport {
    let of_target = |(target, outcome): TargetResult<R>| {
        let (exit_code, outcome) = match outcome {
            Ok((exit, report)) => (exit, TargetOutcome::Report(report.into())),
            Err(failure) => (failure.exit, TargetOutcome::Error(Box::new((&failure).into()))),
        };
        TargetReport {
            target,
            exit_code,
            outcome,
        }
    };
    let targets: Vec<TargetReport> = results.into_iter().map(of_target).collect();
    SeveralReport {
        format_version: SEVERAL_FORMAT,
        exit_code: Exit::worst(targets.iter().map(|of| of.exit_code)),
        command: command.to_owned(),
        targets,
    }
}

/// Prints the results of a command, for one target or several, as text or JSON.
pub(crate) struct Reporter<'a> {
    command: &'static str,
    format: Format,
    printer: &'a Printer,
}

impl<'a> Reporter<'a> {
    /// From here on failures are printed in the format of the report.
    pub(crate) fn new(command: &'static str, format: Format, printer: &'a Printer) -> Self {
        printer.speak(format);
        Self {
            command,
            format,
            printer,
        }
    }

    /// Runs the command on the targets that the arguments name, and prints the results.
    pub(crate) async fn of_each<R, F>(
        &self,
        targets: &TargetsArgs,
        act: impl Fn(Session, Printer) -> F,
    ) -> Result<Exit, Failure>
    where
        R: Into<CommandReport>,
        F: Future<Output = Outcome<R>>,
    {
        let act = &act;
        let selection = targets.find(self.printer).await?;
        self.of_selected(selection, |shop, printer| async move {
            act(shop.open().await?, printer).await
        })
        .await
    }

    /// Runs the command on targets that it connects to itself, and prints the results.
    pub(crate) async fn of_selected<R, F>(
        &self,
        selection: Selection,
        act: impl Fn(SelectedTarget, Printer) -> F,
    ) -> Result<Exit, Failure>
    where
        R: Into<CommandReport>,
        F: Future<Output = Outcome<R>>,
    {
        match selection {
            Selection::One(found) => {
                let (exit, report) = act(*found, self.printer.clone()).await?;
                let report = report.into();
                refuse_unknown_stocks([report.scope()])?;
                self.one(&report)?;
                Ok(exit)
            }
            Selection::Several(shops) => {
                let report = self.reported(side_by_side(named(shops), self.printer, act).await);
                refuse_unknown_stocks(report.targets.iter().map(TargetReport::scope))?;
                self.printed(&report)?;
                Ok(report.exit_code)
            }
        }
    }

    /// Prints the report of one target.
    pub(crate) fn one(&self, report: &CommandReport) -> Result<(), Failure> {
        self.printer
            .result_as(self.format, report, || report.text(columns()))
    }

    /// Prints the reports of several after a change. A report that cannot be printed does not undo it.
    pub(crate) fn several_done<R: Into<CommandReport>>(&self, results: Vec<TargetResult<R>>) -> Exit {
        let report = self.reported(results);
        match self.printed(&report) {
            Ok(()) => report.exit_code,
            Err(failure) => {
                let text = several_text(&report, columns());
                self.printer
                    .say_unprinted(&failure, &text, false, report.exit_code)
            }
        }
    }

    fn reported<R: Into<CommandReport>>(&self, results: Vec<TargetResult<R>>) -> SeveralReport {
        for (target, outcome) in &results {
            match (outcome, self.format) {
                (Ok(_), _) => {}
                (Err(failure), Format::Text) => say_findings(target, failure, self.printer),
                (Err(failure), Format::Json) => say_failure(target, failure, self.printer),
            }
        }
        report(self.command, results)
    }

    fn printed(&self, report: &SeveralReport) -> Result<(), Failure> {
        self.printer
            .result_as(self.format, report, || several_text(report, columns()))
    }
}

/// Prints findings about files on standard error: no report of several targets shows them line by line.
pub(crate) fn say_findings(target: &str, failure: &Failure, printer: &Printer) {
    if let Some((findings, files)) = failure.findings.as_deref() {
        printer.about(target).findings(findings, files);
    }
}

/// Prints on standard error why a target has no report, when no person reads the report for all.
pub(crate) fn say_failure(target: &str, failure: &Failure, printer: &Printer) {
    say_findings(target, failure, printer);
    printer.about(target).complain(failure);
}
