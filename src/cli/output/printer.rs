//! Prints the result to standard output and everything else to standard error.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use indicatif::{MultiProgress, ProgressBar};
use serde::Serialize;
use spanned_yaml::diag::{
    Diagnostic, DiagnosticsJson, InputFiles, Severity, Style, escape_text, json_text, render,
};
use tracing::Level;

use crate::cli::args::{Color, Format, LogFormat, OutputArgs};
use crate::cli::environment;
use crate::cli::output::log::Form;
use crate::cli::output::{json_log, log, streams};
use crate::reconcile::{Plan, PlanWarning};
use crate::report::{FailureReport, differences_text, failure_text, plan_text, warning_text};
use crate::run::{Exit, Failure, Planner};

/// Prints results and messages as the person asked for them.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    color: ColorChoice,
    quiet: bool,
    /// True if messages are lines of JSON.
    lines: bool,
    /// True if a program reads standard output: then failures are printed there as a document too.
    json: Arc<AtomicBool>,
    /// The target of the messages, if there are several.
    target: Option<String>,
    bars: MultiProgress,
}

impl Printer {
    pub(crate) fn new(args: &OutputArgs) -> Self {
        let color = match args.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let printer = Self {
            color,
            quiet: args.quiet,
            lines: args.log_format == LogFormat::Json,
            json: Arc::default(),
            target: None,
            bars: MultiProgress::new(),
        };
        printer.start_log(args);
        printer
    }

    /// The same printer for one of several targets: each line of a message begins with its name.
    pub(crate) fn about(&self, target: &str) -> Self {
        Self {
            target: Some(target.to_owned()),
            ..self.clone()
        }
    }

    fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// Prints failures as a JSON document on standard output from here on.
    pub(crate) fn speak_json(&self) {
        self.json.store(true, Ordering::Relaxed);
    }

    /// Prints failures in the form of the result from here on.
    pub(crate) fn speak(&self, format: Format) {
        if format == Format::Json {
            self.speak_json();
        }
    }

    /// Prints the result of a command in that form.
    pub(crate) fn result_as(
        &self,
        format: Format,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match format {
            Format::Text => self.result(&text()),
            Format::Json => self.document(document),
        }
    }

    /// Prints the result of a command for people.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        self.language(&escape_text(text))
    }

    /// Prints the result of a command in a language of its own, in which it has been escaped already.
    pub(crate) fn language(&self, text: &str) -> Result<(), Failure> {
        streams::print(text, self.color)
            .map_err(|error| Failure::error("the result could not be printed").caused_by(&error))
    }

    /// Prints the result of a command as a JSON document.
    pub(crate) fn document(&self, document: &impl Serialize) -> Result<(), Failure> {
        let text = json_text(document)
            .map_err(|error| Failure::error("the result cannot be written as JSON").caused_by(&error))?;
        self.language(&text)
    }

    /// Prints findings about files.
    pub(crate) fn findings(&self, findings: &[Diagnostic], files: &InputFiles) {
        if self.lines {
            for found in DiagnosticsJson::new(findings, files).diagnostics {
                let level = match found.severity {
                    Severity::Error => Level::ERROR,
                    Severity::Warning => Level::WARN,
                };
                json_log::write_with(level, &found.message, &found, self.target());
            }
        } else if !findings.is_empty() {
            self.say(&render(findings, files, Style::Coloured));
        }
    }

    /// Prints warnings about files, unless `--quiet`.
    pub(crate) fn warnings(&self, findings: &[Diagnostic], files: &InputFiles) {
        if !self.quiet {
            self.findings(findings, files);
        }
    }

    /// Prints a note, unless `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Prints a warning, unless `--quiet`.
    pub(crate) fn warn(&self, text: &str) {
        if !self.quiet {
            self.alarm(text);
        }
    }

    /// Prints a warning of a plan, unless `--quiet`.
    pub(crate) fn plan_warning(&self, warning: &PlanWarning) {
        match (self.quiet, self.lines) {
            (true, _) => {}
            (false, true) => json_log::write_with(Level::WARN, &warning.message, warning, self.target()),
            (false, false) => self.say(&warning_text(warning)),
        }
    }

    /// Prints the warnings that this target adds to a plan. Those about the files were printed when they were read.
    pub(crate) fn target_warnings(&self, planner: &Planner, plan: &Plan) {
        for warning in plan.warnings.iter().skip(planner.warnings.len()) {
            self.plan_warning(warning);
        }
    }

    /// Prints why a plan is stale: the plan as it would be now, and the differences.
    pub(crate) fn stale(&self, failure: &Failure) {
        if failure.differences.is_empty() {
            return;
        }
        if let Some(plan) = failure.plan.as_ref().filter(|_| failure.is_replanned) {
            self.say(&format!("The plan would now be:\n\n{}", plan_text(plan)));
        }
        self.say(&differences_text(&failure.differences));
    }

    /// Prints a warning, even with `--quiet`.
    pub(crate) fn alarm(&self, text: &str) {
        if self.lines {
            json_log::write(Level::WARN, text, self.target());
        } else {
            self.say(&format!("warning: {text}"));
        }
    }

    /// Prints a failure, without findings about files.
    pub(crate) fn complain(&self, failure: &Failure) {
        let report = FailureReport::from(failure);
        if self.lines {
            json_log::complain(&report, self.target());
        } else {
            self.say(&failure_text(&report));
        }
    }

    /// Prints a message.
    pub(crate) fn say(&self, text: &str) {
        if self.lines {
            return json_log::write(Level::INFO, text, self.target());
        }
        let mut message = text.trim_end().to_owned();
        if let Some(target) = self.target() {
            message = format!("{target}: {}", message.replace('\n', &format!("\n{target}: ")));
        }
        // A bar comes back with its next move. `suspend` would panic where the terminal has gone.
        let _ = self.bars.clear();
        streams::message(&(escape_text(&message) + "\n"), self.color);
    }

    /// Shows a bar below the messages, with the name of the target where several are worked on.
    pub(crate) fn show_bar(&self, bar: ProgressBar) -> ProgressBar {
        let prefix = self.target().map(|target| format!("{target}: "));
        self.bars.add(bar.with_prefix(prefix.unwrap_or_default()))
    }

    /// Prints a report on standard error that standard output did not take. Returns the exit of the run, or a worse one.
    pub(crate) fn say_unprinted(&self, failure: &Failure, report: &str, wrote: bool, exit: Exit) -> Exit {
        self.complain(failure);
        self.say(report);
        Exit::worst([exit, if wrote { Exit::Partial } else { Exit::Error }])
    }

    /// True if progress may be shown: to a person at a terminal who did not ask for quiet.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet
            && !self.lines
            && io::stderr().is_terminal()
            && std::env::var_os(environment::CI).is_none()
    }

    /// Prints the failure of the command and returns its exit.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        let report = FailureReport::from(failure);
        if let Some((findings, files)) = failure.findings.as_deref() {
            self.findings(findings, files);
        }
        self.complain(failure);
        if self.json.load(Ordering::Relaxed) && self.document(&report).is_err() {
            return Exit::Error;
        }
        failure.exit
    }

    fn start_log(&self, args: &OutputArgs) {
        let level = match (args.quiet, args.verbose) {
            (true, _) => "error",
            (false, 0) => "stocktake=warn",
            (false, 1) => "stocktake=info",
            (false, 2) => "stocktake=debug",
            (false, _) => "trace",
        };
        let ansi =
            AutoStream::choice(&io::stderr()) != ColorChoice::Never && self.color != ColorChoice::Never;
        let detailed = args.verbose > 1;
        log::start(
            level,
            &if self.lines {
                Form::Json
            } else {
                Form::Text { ansi, detailed }
            },
        );
    }
}
