//! Several targets side by side: the same command on each of them, and one report of all.

use futures_util::stream::{self, StreamExt as _};
use tracing::Instrument as _;

use crate::cli::args::select_target::{SelectedTarget, Selection};
use crate::cli::args::{Format, TargetsArgs};
use crate::cli::environment::columns;
use crate::cli::output::printer::Printer;
use crate::report::{
    CommandReport, SEVERAL_FORMAT, SeveralReport, TargetOutcome, TargetReport, several_text,
};
use crate::run::{Exit, Failure, Session};

/// How many targets are worked on at once; each sends several requests at once itself.
const AT_ONCE: usize = 8;

/// What came of a command on a target: the report with the exit code that it stands for, or why there is none.
pub(crate) type Outcome<R> = Result<(Exit, R), Failure>;

/// What came of a command on one of several targets.
pub(crate) struct TargetResult<R> {
    /// The target's name.
    pub target: String,
    /// What came of it there.
    pub outcome: Outcome<R>,
}

impl<R> TargetResult<R> {
    /// The exit code that the command would have had on this target alone.
    pub(crate) fn exit(&self) -> Exit {
        self.outcome
            .as_ref()
            .map_or_else(|failure| failure.exit, |(exit, _)| *exit)
    }
}

/// Does the same with each item, some of them at once; what comes of it stands in the order of the items. What is told on
/// the side is told with the name of the item's target.
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

/// What comes of a command on each of several shops.
pub(crate) async fn on_each<R, F>(
    shops: Vec<SelectedTarget>,
    printer: &Printer,
    act: impl Fn(Session, Printer) -> F,
) -> Vec<TargetResult<R>>
where
    F: Future<Output = Outcome<R>>,
{
    let act = &act;
    let told = side_by_side(named(shops), printer, |shop, printer| async move {
        act(shop.open().await?, printer).await
    });
    results(told.await)
}

/// The shops with their targets' names.
pub(crate) fn named(shops: Vec<SelectedTarget>) -> Vec<(String, SelectedTarget)> {
    let shops = shops.into_iter();
    shops.map(|shop| (shop.target.name.clone(), shop)).collect()
}

/// What came of each target, as a result of a command.
pub(crate) fn results<R>(told: Vec<(String, Outcome<R>)>) -> Vec<TargetResult<R>> {
    let told = told.into_iter();
    told.map(|(target, outcome)| TargetResult { target, outcome })
        .collect()
}

/// The report of all.
pub(crate) fn report<R: Into<CommandReport>>(command: &str, results: Vec<TargetResult<R>>) -> SeveralReport {
    let exit = worst(&results);
    let of_target = |of: TargetResult<R>| TargetReport {
        exit_code: of.exit(),
        target: of.target,
        outcome: match of.outcome {
            Ok((_, report)) => TargetOutcome::Report(report.into()),
            Err(failure) => TargetOutcome::Error(Box::new((&failure).into())),
        },
    };
    SeveralReport {
        format_version: SEVERAL_FORMAT,
        exit_code: exit,
        command: command.to_owned(),
        targets: results.into_iter().map(of_target).collect(),
    }
}

/// How a command that has a text and a document tells of one target or of several.
pub(crate) struct Reporter<'a> {
    command: &'static str,
    format: Format,
    printer: &'a Printer,
}

impl<'a> Reporter<'a> {
    /// Has failures told in the form of the report from here on.
    pub(crate) fn new(command: &'static str, format: Format, printer: &'a Printer) -> Self {
        if format == Format::Json {
            printer.speak_json();
        }
        Self {
            command,
            format,
            printer,
        }
    }

    /// Does the command on the targets that the arguments name, and tells what came of it.
    pub(crate) async fn of_each<R, F>(
        &self,
        targets: &TargetsArgs,
        act: impl Fn(Session, Printer) -> F,
    ) -> Result<Exit, Failure>
    where
        R: Into<CommandReport>,
        F: Future<Output = Outcome<R>>,
    {
        match targets.find(self.printer).await? {
            Selection::One(found) => {
                let (exit, report) = act(found.open().await?, self.printer.clone()).await?;
                self.one(&report.into())?;
                Ok(exit)
            }
            Selection::Several(shops) => {
                let results = on_each(shops, self.printer, act).await;
                let exit = worst(&results);
                self.several(results)?;
                Ok(exit)
            }
        }
    }

    /// Tells of one target.
    pub(crate) fn one(&self, report: &CommandReport) -> Result<(), Failure> {
        match self.format {
            Format::Text => self.printer.result(&report.text(columns())),
            Format::Json => self.printer.document(report),
        }
    }

    /// Tells of several.
    fn several<R: Into<CommandReport>>(&self, results: Vec<TargetResult<R>>) -> Result<(), Failure> {
        let report = self.reported(results);
        self.printed(&report)
    }

    /// Tells of several after something was done: it is done, whether that can be printed or not.
    pub(crate) fn several_done<R: Into<CommandReport>>(
        &self,
        results: Vec<TargetResult<R>>,
        exit: Exit,
    ) -> Exit {
        let report = self.reported(results);
        match self.printed(&report) {
            Ok(()) => exit,
            Err(failure) => {
                let text = several_text(&report, columns());
                self.printer.say_unprinted(&failure, &text, false, exit)
            }
        }
    }

    fn reported<R: Into<CommandReport>>(&self, results: Vec<TargetResult<R>>) -> SeveralReport {
        for TargetResult { target, outcome } in &results {
            match (outcome, self.format) {
                (Ok(_), _) => {}
                (Err(failure), Format::Text) => say_findings(target, failure, self.printer),
                (Err(failure), Format::Json) => say_failure(target, failure, self.printer),
            }
        }
        report(self.command, results)
    }

    fn printed(&self, report: &SeveralReport) -> Result<(), Failure> {
        match self.format {
            Format::Text => self.printer.result(&several_text(report, columns())),
            Format::Json => self.printer.document(report),
        }
    }
}

/// The worst exit code.
pub(crate) fn worst<R>(results: &[TargetResult<R>]) -> Exit {
    Exit::worst(results.iter().map(TargetResult::exit))
}

/// Tells on the side what is wrong with files, which no report of several targets shows line by line.
pub(crate) fn say_findings(target: &str, failure: &Failure, printer: &Printer) {
    if let Some((findings, files)) = failure.findings.as_deref() {
        printer.about(target).findings(findings, files);
    }
}

/// Tells on the side why a target has no report, where no person reads the report of all.
pub(crate) fn say_failure(target: &str, failure: &Failure, printer: &Printer) {
    say_findings(target, failure, printer);
    printer.about(target).complain(failure);
}
