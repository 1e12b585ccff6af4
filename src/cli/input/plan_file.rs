//! Reads and writes saved plans: written whole or not at all, read with a size limit.

use std::io;
use std::path::Path;

use spanned_yaml::diag::json_text;

use crate::disk::{self, LARGEST_DOCUMENT};
use crate::reconcile::{Plan, SavedPlanError};
use crate::run::{Exit, Failure, SavedPlan};

/// Saves a plan. A reader sees the old file or the new one, never a part.
pub(crate) fn save(path: &Path, plan: &Plan) -> Result<(), Failure> {
    let text = json_text(plan).map_err(io::Error::from);
    text.and_then(|text| disk::replace(path, &text)).map_err(|error| {
        Failure::error(format!("the plan cannot be saved to {}", path.display())).caused_by(&error)
    })
}

/// Reads a saved plan to show it; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<SavedPlan, Failure> {
    parse(path)?.map_err(|error| unusable(path, Exit::Error, &error))
}

/// The plan, or why the file holds none.
fn parse(path: &Path) -> Result<Result<SavedPlan, SavedPlanError>, Failure> {
    let unreadable = |error: io::Error| {
        let failure = Failure::error(format!("the plan {} cannot be read", path.display())).caused_by(&error);
        match error.kind() {
            io::ErrorKind::NotFound => failure
                .hint("save one with `stocktake plan --out PATH`; a target is named by `--target NAME`"),
            _ => failure,
        }
    };
    let document = if path == Path::new("-") {
        disk::read_stream(io::stdin().lock(), LARGEST_DOCUMENT)
    } else {
        disk::read(path, LARGEST_DOCUMENT)
    };
    Ok(SavedPlan::from_json(&document.map_err(unreadable)?))
}

fn unusable(path: &Path, exit: Exit, error: &SavedPlanError) -> Failure {
    let message = match error {
        SavedPlanError::UnknownFormat(_) => "is a plan of another version",
        SavedPlanError::NotAPlan { .. } | SavedPlanError::BadValue { .. } => "is not a stocktake plan",
    };
    Failure::new(exit, format!("{} {message}", path.display()))
        .caused_by(error)
        .hint("make a new one with `stocktake plan --out PATH`")
}

/// Reads a saved plan to apply it. A plan in an unknown format is a stale one.
pub(crate) fn read_to_apply(path: &Path) -> Result<SavedPlan, Failure> {
    parse(path)?.map_err(|error| match error {
        SavedPlanError::UnknownFormat(_) => {
            let mut failure = unusable(path, Exit::Stale, &error);
            failure.message += "; nothing was written";
            failure
        }
        _ => unusable(path, Exit::Error, &error),
    })
}
