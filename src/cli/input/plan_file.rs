//! Plans in files: saved whole or not at all, read with a limit, and held against what is so now.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use spanned_yaml::diag::{InputFiles, json_text};

use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::files::Wanted;
use crate::cli::output::printer::Printer;
use crate::cli::session::Session;
use crate::disk::{self, LARGEST_DOCUMENT};
use crate::reconcile::{GuardOverrides, Plan, SavedPlanError, StaleReason, input_digests};
use crate::report::{differences_text, plan_text};

/// Saves a plan. A reader sees the old file or the new one, never a part.
pub(crate) fn save(path: &Path, plan: &Plan) -> Result<(), Failure> {
    let text = json_text(plan).map_err(io::Error::from);
    text.and_then(|text| disk::replace(path, &text)).map_err(|error| {
        Failure::error(format!("the plan cannot be saved to {}", path.display())).caused_by(&error)
    })
}

/// A plan that was saved. What it says is not to be trusted before it has been made anew.
pub(crate) struct Saved {
    /// The plan.
    pub plan: Plan,
    /// Until when it may be applied.
    pub expires_at: Timestamp,
}

/// Reads a saved plan that shall be shown; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Saved, Failure> {
    parse(path).map_err(|error| match error {
        Unread::Failed(failure) => *failure,
        Unread::Unusable(error) => unusable(path, Exit::Error, &error),
    })
}

/// Why a file gives no plan.
enum Unread {
    Failed(Box<Failure>),
    Unusable(SavedPlanError),
}

fn parse(path: &Path) -> Result<Saved, Unread> {
    let failed = |failure| Unread::Failed(Box::new(failure));
    let unreadable = |error: io::Error| {
        let failure = Failure::error(format!("the plan {} cannot be read", path.display())).caused_by(&error);
        failed(match error.kind() {
            io::ErrorKind::NotFound => failure.hint("save one with `stocktake plan --out PATH`"),
            _ => failure,
        })
    };
    let document = if path == Path::new("-") {
        disk::read_stream(io::stdin().lock(), LARGEST_DOCUMENT)
    } else {
        disk::read(path, LARGEST_DOCUMENT)
    };
    let document = document.map_err(unreadable)?;
    let plan = Plan::from_json(&document).map_err(Unread::Unusable)?;
    time("created_at", &plan.created_at)?;
    let expires_at = time("expires_at", &plan.expires_at)?;
    Ok(Saved { plan, expires_at })
}

fn time(field: &'static str, text: &str) -> Result<Timestamp, Unread> {
    text.parse()
        .map_err(|_| Unread::Unusable(SavedPlanError::bad_value(field, text)))
}

fn unusable(path: &Path, exit: Exit, error: &SavedPlanError) -> Failure {
    let message = match error {
        SavedPlanError::UnknownFormat(_) => "is a plan of another version",
        SavedPlanError::NotAPlan { .. } | SavedPlanError::BadValue { .. } => "is no plan",
    };
    Failure::new(exit, format!("{} {message}", path.display()))
        .caused_by(error)
        .hint("make a new one with `stocktake plan --out PATH`")
}

impl Saved {
    /// Reads a plan that shall be applied: one of a format that is not known here is a stale one.
    pub(crate) fn read_to_apply(path: &Path) -> Result<Self, Failure> {
        parse(path).map_err(|error| match error {
            Unread::Failed(failure) => *failure,
            Unread::Unusable(error @ SavedPlanError::UnknownFormat(_)) => {
                let mut failure = unusable(path, Exit::Stale, &error);
                failure.message += "; nothing was written";
                failure
            }
            Unread::Unusable(error) => unusable(path, Exit::Error, &error),
        })
    }

    /// What makes the plan anew; before the target is asked anything, all must be at hand that the plan is bound to.
    pub(crate) fn planner(
        &self,
        files: InputFiles,
        session: &Session,
        printer: &Printer,
    ) -> Result<Planner, Failure> {
        let version = env!("CARGO_PKG_VERSION");
        let inputs = input_digests(&files);
        let mut differences = self.plan.stale_bindings(&session.label, version, &inputs);
        let now = Timestamp::now();
        if now >= self.expires_at {
            differences.push(StaleReason::Expired {
                expired_at: self.plan.expires_at.clone(),
                now: now.to_string(),
            });
        }
        if !differences.is_empty() {
            return Err(stale(differences, self.plan.clone(), printer));
        }
        let allow = GuardOverrides::parse(self.plan.allowances.iter().map(String::as_str))
            .map_err(|error| Failure::error(format!("the plan's allowances: {error}")))?;
        Planner::of(Wanted::load(files, printer)?, allow)
    }

    /// The plan that was made anew, should it be the saved one: nothing that the file says is taken for true.
    pub(crate) fn confirmed_by(
        &self,
        plan: Result<Plan, Failure>,
        printer: &Printer,
    ) -> Result<Plan, Failure> {
        // The files are those that the plan was made from, so that it is the target that no longer fits them.
        let mut plan = plan.map_err(|failure| Failure {
            exit: Exit::Stale,
            ..failure.about(self.plan.clone())
        })?;
        let differences = plan.stale_reasons_since(&self.plan);
        if !differences.is_empty() {
            printer.say(&format!("The plan would now be:\n\n{}", plan_text(&plan)));
            return Err(stale(differences, plan, printer));
        }
        plan.created_at.clone_from(&self.plan.created_at);
        plan.expires_at.clone_from(&self.plan.expires_at);
        Ok(plan)
    }
}

fn stale(differences: Vec<StaleReason>, plan: Plan, printer: &Printer) -> Failure {
    printer.say(&differences_text(&differences));
    Failure::new(Exit::Stale, "the saved plan no longer holds; nothing was written")
        .hint("make a new plan with `stocktake plan --out PATH` and have it reviewed")
        .differing(differences)
        .about(plan)
}
